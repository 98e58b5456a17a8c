// The programs that compute what the page shows, for exactly the reader's table. No page needed.

import { PANDAS_MISSING, numberPattern } from "./reading.js";
import { filled } from "./text.js";

/** @typedef {import("./reading.js").Table} Table */
/** @typedef {import("./reading.js").Column} Column */
/**
 * What a program works on. xs, y: places of columns. rows: the numbers of the rows used.
 * columns: their values, y last. file: the name of the file that has the table, if one has.
 * @typedef {{
 *   table: Table, text: string, xs: number[], y: number, columns: number[][], file: string,
 *   encoding: string,
 * }} Work
 */

// What Python reads as the same text, whatever stands in it.
/** @type {(value: unknown) => string} */
const literal = (value) =>
  Array.isArray(value) ? `[${value.map(literal).join(", ")}]` : JSON.stringify(value);

/**
 * Return what fills in a program: its imports, and how it comes by its table.
 * @param {Work} work @param {Record<string, string>} pieces @param {number} few
 * @returns {{imports: string, read: string}}
 */
export function sources(work, pieces, few) {
  const { table, xs, y, columns, file, encoding } = work;
  const at = [...xs, y];
  const used = at.map((place) => table.columns[place]);
  const names = literal(used.map(titled));
  const count = columns[0].length;
  if (count * at.length <= few || !file) {
    return { imports: "", read: filled(pieces.values, { names, rows: rowsOf(columns) }) };
  }
  const options = simpleOptions(work, used);
  if (options) {
    const named = table.header && plainNames(work);
    const pick = named ? `frame[${literal(used.map(({ name }) => name))}]` : `frame.iloc[:, ${literal(at)}]`;
    const given = options.map((option) => `, ${option}`).join("");
    return {
      imports: "import pandas as pd",
      read: filled(pieces.frame, { file: literal(file), options: given, columns: `frame = ${pick}`, names, count }),
    };
  }
  const dated = used.some(({ kind }) => kind === "dates");
  const spaced = table.delimiter === " ";
  const quoting = table.quotes ? "" : ", quoting=csv.QUOTE_NONE";
  const width = table.columns.length;
  const imports = [...(spaced ? [] : ["import csv"]), "import re", ...(dated ? ["from datetime import datetime"] : [])];
  return {
    imports: imports.join("\n"),
    read: filled(pieces.lines, {
      helpers: filled(pieces.number, {
        pattern: literal(numberPattern(table.decimal, table.groups)),
        groups: table.groups ? `re.sub(${literal(`[${table.groups}]`)}, "", text)` : "text",
        decimal: table.decimal === "." ? "" : '.replace(",", ".")',
      }) + (dated ? pieces.days : ""),
      names,
      file: literal(file),
      encoding: literal(encodingOf(encoding)),
      lines: spaced ? `[[cell.strip('"') for cell in line.split()] for line in file]` : `list(csv.reader(file, delimiter=${literal(table.delimiter)}${quoting}))`,
      first: table.start + Number(table.header),
      wide: table.long.length ? filled(pieces.wide, { width }) : "",
      read: used.map((column, i) => readerOf(column, at[i])).join(", "),
      count,
    }),
  };
}

/** The name of a column in a formula: of dates, what became of them. @param {Column} column */
export const titled = ({ name, kind, first }) =>
  kind === "dates" && first !== undefined ? `days of ${name}` : name;

/** @type {(column: Column, place: number) => string} */
function readerOf({ kind, format, first, unit }, place) {
  if (kind === "dates" && first !== undefined) {
    const start = new Date(first).toISOString().slice(0, 19);
    return `days(cells[${place}], ${literal(format)}, ${literal(start)})`;
  }
  return `number(cells[${place}]${unit && `, ${literal(unit)}`})`;
}

/** @param {string} encoding */
const encodingOf = (encoding) =>
  encoding === "utf-8" ? "utf-8-sig" : encoding === "windows-1252" ? "cp1252" : "utf-16";

/** The rows as Python has them. @param {number[][]} columns */
const rowsOf = (columns) =>
  columns[0].map((_, i) => `    [${columns.map((values) => String(values[i])).join(", ")}],`).join("\n");

/** What pandas must be told to read the same numbers, or nothing where it would not. @type {(work: Work, used: Column[]) => string[] | undefined} */
function simpleOptions({ table, text, encoding }, used) {
  const { delimiter, decimal } = table;
  const spaced = delimiter === " ";
  const regular = table.quotes && !table.ragged && !table.long.length && !table.rowNames && encoding === "utf-8";
  const simple = used.every(({ kind, unit, unread }) => kind === "numbers" && !unit && !unread.length);
  if (!regular || !simple || (spaced && text.includes('"'))) return undefined;
  const written = used.flatMap(({ cells, values }) => cells.filter((_, i) => !Number.isNaN(values[i])));
  const empty = used.flatMap(({ cells, values }) => cells.filter((_, i) => Number.isNaN(values[i])));
  const unusual = [...new Set(empty)].filter((cell) => !PANDAS_MISSING.has(cell));
  // With a space beside it, pandas would know no missing value.
  if (empty.length && !spaced && new RegExp(` [${delimiter}\r\n]|[${delimiter}] `).test(text)) return undefined;
  const signs = new Set(written.join("").replace(/[\deE+-]/g, ""));
  signs.delete(decimal);
  if (signs.size > 1 || [...signs].some((sign) => !",.".includes(sign))) return undefined;
  const options = [];
  if (delimiter !== ",") options.push(spaced ? 'sep=r"\\s+"' : `sep=${literal(delimiter)}`);
  if (decimal === ",") options.push('decimal=","');
  for (const sign of signs) options.push(`thousands=${literal(sign)}`);
  if (table.start) options.push(`skiprows=${table.start}`);
  if (!table.header) options.push("header=None");
  if (unusual.length) options.push(`na_values=${literal(unusual)}`);
  return options;
}

/** Whether the names of the columns stand in the file as they are here. @param {Work} work */
function plainNames({ table, text }) {
  const line = text.replace(/^\ufeff/, "").split(/\r\n|\r|\n/, table.start + 1)[table.start];
  const names = table.delimiter === " " ? line.trim().split(/\s+/) : line.split(table.delimiter);
  return names.length === table.columns.length && table.columns.every(({ name }, i) => name === names[i] || `"${name}"` === names[i]);
}
