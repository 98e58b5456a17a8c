"""What the page "Where to go next?" may type."""

TYPED = {
    "chapter 5": "where a book has it",
    "1908": "the year of a source",
    "1964": "the year of a source",
    "1978": "the year of a source",
    "1981": "the year of a source",
    "1989": "the year of a source",
    "1991": "the year of a source",
    "2015": "the year of a source",
    "2017": "the year of a source",
    "2019": "the year of a source",
}
