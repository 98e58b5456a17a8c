// What Sphinx's search leaves to be desired: it tells of pages by their words alone, leads to the
// section that has the words for its title, and leaves nothing behind on the page that one opens.

{
  // What a page shows besides its words, and what stands twice: a formula, for those who listen.
  const ASIDE = ".back-to-top, .progress, .notebook, .katex-mathml, svg, .explore, .saying";

  const readText = Search.htmlToText;
  Search.htmlToText = (html, anchor) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    for (const element of page.querySelectorAll(ASIDE)) element.remove();
    return readText(page.documentElement.outerHTML, anchor);
  };

  // The title of a section counts for more than the page around it.
  Scorer.score = ([, , anchor, , score, , kind]) =>
    kind == "title" && anchor ? score + 2 : score;

  const parseQuery = Search._parseQuery;
  Search._parseQuery = (query) => {
    const parts = parseQuery(query);
    localStorage.removeItem("sphinx_highlight_terms");
    return parts;
  };

  Documentation.TRANSLATIONS[
    "Your search did not match any documents. Please make sure that all words are spelled correctly and that you've selected enough categories."
  ] = "No page has all of these words. Try fewer, or a word of the message that you see.";
}
