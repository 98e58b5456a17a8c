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
    const dates = used.map((column) =>
      column.kind === "dates" && column.first !== undefined
        ? filled(pieces.dates, { name: literal(titled(column)), format: literal(column.format), first: literal(iso(column.first)) })
        : "");
    return {
      imports: "import pandas as pd",
      read: filled(pieces.frame, { file: literal(file), options: given, pick, dates: dates.join(""), names, count }),
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
      helpers: numberHelper(table, used, pieces) + (dated ? pieces.days : ""),
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

/** The function that reads a number, with no more than the columns used ask for. @type {(table: Table, used: Column[], pieces: Record<string, string>) => string} */
function numberHelper({ decimal, groups }, used, pieces) {
  const numbers = used.filter(({ kind }) => kind === "numbers");
  const written = numbers.flatMap(({ cells, values }) => cells.filter((_, i) => !Number.isNaN(values[i]))).join("");
  const parted = groups && new RegExp(`[${groups}]`).test(written) ? groups : "";
  // What no one sees in a program is written as Python names it.
  const raw = (/** @type {string} */ text) => `r"${text.replaceAll("\u00a0", "\\xa0").replaceAll("\u202f", "\\u202f")}"`;
  const bare = parted ? `re.sub(${raw(`[${parted}]`)}, "", text)` : "text";
  return filled(pieces.number, {
    minus: written.includes("−") ? '.replace("−", "-")' : "",
    unit: numbers.some(({ unit }) => unit) ? pieces.unit : "",
    given: numbers.some(({ unit }) => unit) ? ', unit=""' : "",
    pattern: raw(numberPattern(decimal, parted)),
    value: decimal === "." ? bare : `${bare}.replace(",", ".")`,
  });
}

/** The name of a column in a formula: of dates, what became of them. @param {Column} column */
export const titled = ({ name, kind, first }) =>
  kind === "dates" && first !== undefined ? `days of ${name}` : name;

/** @type {(column: Column, place: number) => string} */
function readerOf({ kind, format, first, unit }, place) {
  if (kind === "dates" && first !== undefined) {
    return `days(cells[${place}], ${literal(format)}, ${literal(iso(first))})`;
  }
  return `number(cells[${place}]${unit && `, ${literal(unit)}`})`;
}

/** @param {number} time */
const iso = (time) => new Date(time).toISOString().slice(0, 19);

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
  const numbers = used.filter(({ kind }) => kind === "numbers");
  const simple = used.every(({ kind, unit, unread, format }) => (kind === "dates" ? format !== "%Y%m%d" : !unit && !unread.length));
  if (!regular || !simple || (spaced && text.includes('"'))) return undefined;
  const written = numbers.flatMap(({ cells, values }) => cells.filter((_, i) => !Number.isNaN(values[i])));
  const empty = numbers.flatMap(({ cells, values }) => cells.filter((_, i) => Number.isNaN(values[i])));
  const unusual = [...new Set(empty)].filter((cell) => !PANDAS_MISSING.has(cell));
  // With a space beside it, pandas would know no missing value and no date.
  const dated = numbers.length < used.length;
  if ((empty.length || dated) && used.some((column) => table.spaced.has(table.columns.indexOf(column)))) return undefined;
  const signs = new Set(written.join("").replace(/[\deE+-]/g, ""));
  signs.delete(decimal);
  // A sign that parts thousands would be taken out of dates as well.
  if (signs.size > (dated ? 0 : 1) || [...signs].some((sign) => !",.".includes(sign))) return undefined;
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
