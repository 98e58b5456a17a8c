// What the site serves as papaparse.js: see docs/press/build/interactive.py.
declare const Papa: {
  parse(
    text: string,
    options: { delimiter: string; newline: string; quoteChar: string },
  ): { data: string[][]; errors: { type: string }[] };
  unparse(rows: unknown[][], options?: { delimiter: string; newline: string }): string;
};
export default Papa;
