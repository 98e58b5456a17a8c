// Reads a table from text or a file's bytes, and says what it read. No page needed.
// Wherever a cell could mean two numbers it is not read, or the choice is told.

/** @typedef {{data: string[][], errors: {type: string}[]}} Parsed */
/** @typedef {(text: string, options: {delimiter: string, newline: string, quoteChar: string}) => Parsed} Parse what PapaParse does */
/** @typedef {"auto" | "." | ","} Decimal */
/**
 * How to read a table. groups: the signs that may part thousands, where the decimal sign is given.
 * @typedef {{decimal?: Decimal, groups?: string, header?: "auto" | "yes" | "no", days?: "auto" | "first" | "second"}} Reading
 */
/** @typedef {{row: number, text: string}} Unread */
/**
 * A column. values: NaN where there is none; of dates, days since the first. unread: the cells with
 * something that is no such value. format: of its dates, as Python writes it. unit: a sign
 * such as % that all its numbers have.
 * @typedef {{
 *   name: string, kind: "numbers" | "dates" | "text" | "empty", values: number[], cells: string[],
 *   unread: Unread[], missing: number, format?: string, first?: number, ambiguous?: boolean,
 *   unit: string,
 * }} Column
 */
/**
 * What was read. rowNumbers: the place of each row in the file, as a spreadsheet counts. long: rows
 * with more cells than columns, which are left out. spaced: places of columns with spaces around
 * a cell. said: sentences. problem: why nothing was.
 * @typedef {{
 *   columns: Column[], rowNumbers: number[], long: Unread[], said: string[], problem?: string,
 *   delimiter: string, decimal: "." | ",", groups: string, header: boolean, start: number,
 *   quotes: boolean, rowNames: boolean, blank: number, ragged: boolean, spaced: Set<number>,
 * }} Table
 */

export const LARGEST = 50e6;
const MISSING = new Set(["", "na", "n/a", "nan", "null", "none", "-", "–", "—", ".", "?", "#n/a", "#div/0!", "#value!", "missing"]);
/** What pandas takes for missing without being told. */
export const PANDAS_MISSING = new Set(["", "NA", "N/A", "n/a", "NaN", "nan", "null", "NULL", "None", "#N/A"]);
const SIGNS = "$€£¥%";

// Bytes ---------------------------------------------------------------------------------------

const SIGNATURES = [
  { bytes: [0x50, 0x4b, 3, 4], what: "a workbook or another zipped file", way: "In the spreadsheet choose Save as › CSV, or copy the columns and paste them here." },
  { bytes: [0xd0, 0xcf, 0x11, 0xe0], what: "an old Excel workbook", way: "In the spreadsheet choose Save as › CSV, or copy the columns and paste them here." },
  { bytes: [0x89, 0x50, 0x4e, 0x47], what: "a picture (PNG)", way: "This page reads tables: a CSV file, say." },
  { bytes: [0xff, 0xd8, 0xff], what: "a picture (JPEG)", way: "This page reads tables: a CSV file, say." },
  { bytes: [0x47, 0x49, 0x46, 0x38], what: "a picture (GIF)", way: "This page reads tables: a CSV file, say." },
  { bytes: [0x25, 0x50, 0x44, 0x46], what: "a PDF", way: "Copy the table out of it and paste it here." },
  { bytes: [0x1f, 0x8b], what: "a compressed file", way: "Unpack it first." },
  { bytes: [0x50, 0x41, 0x52, 0x31], what: "a Parquet file", way: "In pandas, read_parquet(…).to_csv(…) makes a CSV file of it." },
];

/**
 * Return the text of a file, or why it has none.
 * @param {Uint8Array} bytes @returns {{text: string, encoding: string} | {problem: string}}
 */
export function decode(bytes) {
  if (bytes.length > LARGEST) {
    return { problem: `This file has ${Math.round(bytes.length / 1e6)} MB, and this page reads up to ${LARGEST / 1e6} MB. A sample of its rows gives nearly the same line.` };
  }
  const known = SIGNATURES.find(({ bytes: signature }) => signature.every((byte, i) => bytes[i] === byte));
  if (known) return { problem: `This is ${known.what}, not a table as text. ${known.way}` };
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : "utf-8";
  let found = encoding;
  let text;
  try {
    text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    // Older spreadsheets write in the code page of Western Europe, in which every byte is a letter.
    found = "windows-1252";
    text = new TextDecoder(found).decode(bytes);
  }
  if (/[\u0000-\u0008\u000e-\u001a]/.test(text.slice(0, 1e5))) {
    return { problem: "This file is no text, so it holds no table that this page can read. A CSV file is text." };
  }
  return { text, encoding: found };
}

// Numbers -------------------------------------------------------------------------------------

const POWER = "(?:[eE][+-]?\\d+)?";

/** The pattern of a number, by its decimal sign and the signs that may part its thousands. @type {(decimal: string, groups: string) => string} */
export function numberPattern(decimal, groups) {
  const sign = decimal === "." ? "\\." : ",";
  const grouped = groups && `|\\d{1,3}([${groups}])\\d{3}(?:\\1\\d{3})*(?:${sign}\\d*)?`;
  return `[+-]?(?:\\d+(?:${sign}\\d*)?|${sign}\\d+${grouped})${POWER}`;
}

/**
 * Return a function from a cell to its number; NaN where it is none.
 * @param {string} decimal @param {string} groups
 */
function numberReader(decimal, groups) {
  const plain = new RegExp(`^[+-]?(?:\\d+\\.?\\d*|\\.\\d+)${POWER}$`);
  const any = new RegExp(`^${numberPattern(decimal, groups)}$`);
  const parting = groups && new RegExp(`[${groups}]`, "g");
  return (/** @type {string} */ cell) => {
    if (decimal === "." && plain.test(cell)) return finite(Number(cell));
    const text = cell.replace("−", "-");
    if (!any.test(text)) return NaN;
    const joined = parting ? text.replace(parting, "") : text;
    return finite(Number(joined.replace(decimal, ".")));
  };
}

const finite = (/** @type {number} */ value) => (Number.isFinite(value) ? value : NaN);
/** @param {string} cell */
function isMissing(cell) {
  const last = cell.charCodeAt(cell.length - 1);
  // What ends in a digit is something.
  return !(last >= 48 && last <= 57) && cell.length < 9 && MISSING.has(cell.toLowerCase());
}

/** Take the sign of a currency or of per cent off a number. @param {string} cell */
function unitOf(cell) {
  const [first, last] = [cell[0], cell[cell.length - 1]];
  if (SIGNS.includes(first)) return { unit: first, rest: cell.slice(1).trim() };
  if (SIGNS.includes(last)) return { unit: last, rest: cell.slice(0, -1).trim() };
  return { unit: "", rest: cell };
}

/** The signs that may part thousands: a plain space only where spaces are not between cells. @type {(decimal: string, delimiter: string) => string} */
function groupsOf(decimal, delimiter) {
  const spaces = delimiter === " " ? "" : `\u00a0\u202f${"\t;|".includes(delimiter) ? " " : ""}`;
  return `${decimal === "." ? "," : "."}'’${spaces}`;
}

const ONE_SIGN = /^[+-]?\d*[.,]\d+$/;

/** What a cell tells of its decimal sign: surely one of them, or either. @param {string} cell @returns {"." | "," | "either ." | "either ," | undefined} */
function signOf(cell) {
  if (ONE_SIGN.test(cell)) {
    // Most cells are like this, and there may be many.
    const sign = cell.includes(".") ? "." : ",";
    const [at, start] = [cell.indexOf(sign), Number(cell[0] === "-" || cell[0] === "+")];
    const three = cell.length - at === 4 && at > start && at - start < 4 && cell[start] !== "0";
    return three ? `either ${sign}` : sign;
  }
  if (!/^[+\-−]?[\d.,\s'’]*[.,][\d.,\s'’]*(?:[eE][+-]?\d+)?$/.test(cell)) return undefined;
  const [points, commas] = [".", ","].map((sign) => cell.split(sign).length - 1);
  if (points && commas) {
    if (cell.lastIndexOf(",") > cell.lastIndexOf(".")) return commas === 1 ? "," : undefined;
    return points === 1 ? "." : undefined;
  }
  const sign = points ? "." : ",";
  const [whole, ...parts] = cell.replace(/[eE].*$/, "").split(sign);
  const three = parts.every((part) => /^\d{3}$/.test(part)) && /^[+\-−]?[1-9]\d{0,2}$/.test(whole);
  if (parts.length > 1) return three ? (sign === "." ? "," : ".") : undefined;
  return three ? `either ${sign}` : sign;
}

// Dates ---------------------------------------------------------------------------------------

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const PARTS = {
  Y: "(?<Y>\\d{4})",
  m: "(?<m>\\d{1,2})",
  d: "(?<d>\\d{1,2})",
  b: `(?<b>${MONTHS.join("|")})`,
  H: "(?<H>\\d{1,2})",
  M: "(?<M>\\d{2})",
  S: "(?<S>\\d{2})",
};
const DAYS = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y", "%d %b %Y", "%d-%b-%Y", "%b %d, %Y", "%b %d %Y", "%b %Y", "%Y-%m"];
const TIMES = ["", " %H:%M", " %H:%M:%S", "T%H:%M", "T%H:%M:%S", "T%H:%MZ", "T%H:%M:%SZ"];
// Most cells are no dates, and this tells it at once.
const DATED = /^(?:\d{4}[-/.]\d|\d{1,2}[-/. ][\da-z]|[a-z]{3} \d)/i;
const FORMATS = DAYS.flatMap((day) => TIMES.map((time) => dateFormat(day + time)));

// Eight digits are a date only where all of a column are.
const COMPACT = dateFormat("%Y%m%d");

/** @param {string} format */
function dateFormat(format) {
  const digits = format === "%Y%m%d" ? "%Y(?<m>\\d{2})(?<d>\\d{2})" : format;
  const source = digits
    .replace(/[./]/g, "\\$&")
    .replace(/%(\w)/g, (_, part) => PARTS[/** @type {keyof typeof PARTS} */ (part)]);
  const pattern = new RegExp(`^${source}$`, "i");
  /** Milliseconds since 1970, or NaN. @param {string} cell */
  const read = (cell) => {
    const found = pattern.exec(cell)?.groups;
    if (!found) return NaN;
    const month = found.b ? MONTHS.indexOf(found.b.toLowerCase()) : Number(found.m) - 1;
    const [year, day] = [Number(found.Y), Number(found.d ?? 1)];
    const [hour, minute, second] = [found.H, found.M, found.S].map((part) => Number(part ?? 0));
    const time = Date.UTC(year, month, day, hour, minute, second);
    const back = new Date(time);
    const whole = back.getUTCMonth() === month && back.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
    // Python counts nanoseconds, and has room for the years around ours.
    return whole && year > 1700 && year < 2260 ? time : NaN;
  };
  return { format, read };
}

/** Find how the dates of a column are written, or nothing; ambiguous where day and month could be each other. @type {(cells: string[], days: "auto" | "first" | "second") => {format: string, read: (cell: string) => number, count: number, ambiguous: boolean} | undefined} */
function datesOf(cells, days) {
  const written = cells.filter((cell) => !isMissing(cell));
  const sample = written.slice(0, 30);
  const likely = FORMATS.filter(({ read }) => sample.some((cell) => !Number.isNaN(read(cell))));
  const counted = likely.map((one) => ({ ...one, count: written.filter((cell) => !Number.isNaN(one.read(cell))).length }));
  const most = Math.max(0, ...counted.map(({ count }) => count));
  const best = counted.filter(({ count }) => count === most);
  if (!best.length) return undefined;
  if (best.length === 1) return { ...best[0], ambiguous: false };
  const wanted = best.find(({ format }) => (days === "first") === format.startsWith("%d"));
  return { ...(days !== "auto" && wanted ? wanted : best[0]), ambiguous: days === "auto" };
}

/** @param {string} cell */
const isDate = (cell) => DATED.test(cell) && FORMATS.some(({ read }) => !Number.isNaN(read(cell)));

/** Find dates of eight digits, between which a difference is no number of days. @param {string[]} cells */
function compactDates(cells) {
  const written = cells.filter((cell) => !isMissing(cell));
  if (new Set(written.slice(0, 50)).size < 3 || written.some((cell) => Number.isNaN(COMPACT.read(cell)))) return undefined;
  return { ...COMPACT, count: written.length, ambiguous: false };
}

const DAY = 86400e3;
/** Write a date, and its time of day where it has one. @param {number} time */
export const dateText = (time) => new Date(time).toISOString().slice(0, time % DAY ? 16 : 10).replace("T", " ");

// The table -----------------------------------------------------------------------------------

/**
 * Read a table from a text.
 * @param {string} given @param {Parse} parse @param {Reading} [reading] @returns {Table}
 */
export function readTable(given, parse, { decimal: wanted = "auto", groups = "auto", header: headed = "auto", days = "auto" } = {}) {
  const text = given.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n");
  /** @type {Table} */
  const table = {
    columns: [], rowNumbers: [], long: [], said: [], delimiter: ",", decimal: ".", groups: "",
    header: false, start: 0, quotes: true, rowNames: false, blank: 0, ragged: false, spaced: new Set(),
  };
  const stop = (/** @type {string} */ problem) => ({ ...table, problem });
  if (!text.trim()) return stop("There is nothing here yet. Paste two columns of numbers, or choose a file.");
  if (/^\s*(?:<!doctype|<html|<\?xml)/i.test(text)) return stop("This is a web page, not a table as text. Copy the table out of it and paste it here.");
  if (/^\s*[{[]\s*["{[]/.test(text)) return stop("This looks like JSON. In pandas, read_json(…).to_csv(…) makes a CSV file of it, which this page reads.");
  const told = /^sep=(.)\n/i.exec(text)?.[1];
  table.delimiter = told ?? guessDelimiter(text, parse);
  let records = recordsOf(text, table, parse);
  const filledIn = records.map((cells) => cells.filter(Boolean).length);
  const written = filledIn.filter(Boolean);
  const usual = mode(written);
  // What stands over the table, as titles and comments do.
  let start = told ? 1 : 0;
  while (start < records.length && (!filledIn[start] || records[start][0].startsWith("#") || (filledIn[start] === 1 && usual > 1))) start++;
  if (start === records.length) return stop("Every line here is empty or a comment, so there is no table to read.");
  const skipped = filledIn.slice(told ? 1 : 0, start).filter(Boolean).length;
  const body = records.slice(start + 1);
  const lengths = body.filter((_, i) => filledIn[start + 1 + i]).map(lengthOf);
  const width = lengths.length ? mode(lengths) : lengthOf(records[start]);
  const names = records[start].slice(0, Math.max(width, lengthOf(records[start])));
  const sign = decimalOf(records.slice(start), table.delimiter, wanted, groups);
  table.decimal = sign.decimal;
  table.groups = sign.groups;
  const read = numberReader(sign.decimal, sign.groups);
  const number = (/** @type {string} */ cell) => read(unitOf(cell).rest);
  const isValue = (/** @type {string} */ cell) => !Number.isNaN(number(cell)) || isDate(cell);
  table.header = headed === "auto" ? looksLikeHeader(names, body, isValue) : headed === "yes";
  if (table.header) {
    if (names.length + 1 === width && body.every((cells) => !cells[0] || !isValue(cells[0]) || /^\d+$/.test(cells[0])) && counts(body)) {
      // R writes the names of rows under no name.
      table.rowNames = true;
      names.unshift("row");
    } else if (names.length < width) {
      const doubled = table.delimiter === "," && width <= 2 * names.length;
      const way = doubled
        ? "Are commas both between the cells and in the numbers? Save the table with semicolons or tabs between its cells."
        : "If it has no names, choose so under “What was read, and how”; if lines stand above the table, take them out.";
      return stop(`The first row has ${many(names.length, "name")}, and the rows below have ${width} cells. ${way}`);
    }
  }
  const first = table.header ? start + 1 : start;
  table.start = start;
  let wide = table.header ? Math.max(width, names.length) : Math.max(width, 1);
  if (table.header && table.delimiter === " " && names.length > width) {
    table.said.push(`The first row has ${names.length} names for ${many(width, "column")}, so the columns are numbered.`);
    names.length = 0;
    wide = width;
  }
  /** @type {string[][]} */
  const kept = [];
  for (let i = first; i < records.length; i++) {
    if (!filledIn[i]) {
      // What ends the last line begins no other.
      if (i < records.length - 1) table.blank++;
      continue;
    }
    const cells = records[i];
    const length = lengthOf(cells);
    if (length > wide) table.long.push({ row: i + 1, text: `${length} cells` });
    else {
      if (cells.length !== wide) table.ragged = true;
      kept.push(cells);
      table.rowNumbers.push(i + 1);
    }
  }
  if (!kept.length) return stop(table.header ? "There is a row of names and nothing below it. A line needs at least two rows of numbers." : "There are no rows to read.");
  records = kept;
  const used = new Set();
  for (let at = 0; at < wide; at++) {
    const cells = records.map((row) => row[at] ?? "");
    const name = nameOf((table.header && names[at]) || `column ${at + 1}`, used);
    table.columns.push(readColumn(name, cells, table.rowNumbers, read, days));
  }
  tell(table, skipped, sign);
  return table;
}

/** @type {(text: string, table: {delimiter: string, quotes: boolean, spaced: Set<number>}, parse: Parse) => string[][]} */
function recordsOf(text, table, parse) {
  if (table.delimiter === " ") {
    return text.split("\n").map((line) => line.trim().split(/\s+/).map((cell) => cell.replace(/^"(.*)"$/, "$1")));
  }
  const options = { delimiter: table.delimiter, newline: "\n", quoteChar: '"' };
  let parsed = parse(text, options);
  if (parsed.errors.some(({ type }) => type === "Quotes")) {
    // One quotation mark too few would swallow all that follows it.
    table.quotes = false;
    parsed = parse(text, { ...options, quoteChar: "\u0000" });
  }
  for (const cells of parsed.data) {
    for (let i = 0; i < cells.length; i++) {
      const cell = cells[i].trim();
      if (cell.length !== cells[i].length) table.spaced.add(i);
      cells[i] = cell;
    }
  }
  return parsed.data;
}

const DELIMITERS = ["\t", ";", "|", ",", " "];

/** Find what stands between the cells: what makes most cells of even rows numbers. @param {string} text @param {Parse} parse */
export function guessDelimiter(text, parse) {
  const sample = text.slice(0, 20000).split("\n").slice(0, 200);
  if (text.length > 20000 && sample.length > 2) sample.pop();
  const start = sample.join("\n");
  let best = { delimiter: "\t", score: 0 };
  for (const delimiter of DELIMITERS) {
    const records = recordsOf(start, { delimiter, quotes: true, spaced: new Set() }, parse).filter((cells) => cells.some(Boolean));
    const width = mode(records.map((cells) => cells.length));
    if (width < 2) continue;
    const even = records.filter((cells) => cells.length === width);
    const cells = even.slice(1).flat().filter(Boolean);
    const [point, comma] = [".", ","].map((sign) => numberReader(sign, groupsOf(sign, delimiter)));
    const isNumber = (/** @type {string} */ cell) => {
      const { rest } = unitOf(cell);
      return isMissing(cell) || !Number.isNaN(point(rest)) || !Number.isNaN(comma(rest)) || isDate(cell);
    };
    const share = cells.length ? cells.filter(isNumber).length / cells.length : 0;
    const score = (even.length / records.length) * (share + 0.01);
    if (score > best.score + 1e-9) best = { delimiter, score };
  }
  return best.delimiter;
}

/** Find the decimal sign of a table from all its cells. @type {(records: string[][], delimiter: string, wanted: Decimal, given: string) => {decimal: "." | ",", groups: string, doubt?: string}} */
function decimalOf(records, delimiter, wanted, given) {
  const seen = { ".": 0, ",": 0, "either .": 0, "either ,": 0 };
  const examples = { "either .": "", "either ,": "" };
  for (const cells of records) {
    for (const cell of cells) {
      if (!cell.includes(".") && !cell.includes(",")) continue;
      const sign = signOf(cell) ?? signOf(unitOf(cell).rest);
      if (!sign) continue;
      seen[sign]++;
      if (sign === "either ." || sign === "either ,") examples[sign] ||= cell;
    }
  }
  if (wanted !== "auto") return { decimal: wanted, groups: given === "auto" ? groupsOf(wanted, delimiter) : given.replaceAll(wanted, "") };
  const mixed = (seen["."] && seen[","]) || (seen["either ."] && seen["either ,"] && !seen["."] && !seen[","]);
  if (mixed) {
    // Where both are in use, 1,234 could be either.
    const decimal = seen[","] > seen["."] ? "," : ".";
    return { decimal, groups: "", doubt: `Some numbers have a decimal point and others a decimal comma; those with a ${decimal === "." ? "point" : "comma"} were read, and no others.` };
  }
  if (seen[","] || (!seen["."] && seen["either ,"] && delimiter === ";")) return { decimal: ",", groups: groupsOf(",", delimiter) };
  const groups = groupsOf(".", delimiter);
  const [point, comma] = [examples["either ."], examples["either ,"]];
  let doubt;
  if (comma && !seen["."]) doubt = `A cell such as ${comma} was read as ${comma.replaceAll(",", "")}, its comma parting thousands. If it is a decimal comma, choose that.`;
  if (point && !seen["."]) doubt = `A cell such as ${point} was read with a decimal point. If its point parts thousands, choose the decimal comma.`;
  return { decimal: ".", groups, doubt };
}

/** @type {(names: string[], body: string[][], isValue: (cell: string) => boolean) => boolean} */
function looksLikeHeader(names, body, isValue) {
  if (names.every((name) => isMissing(name) || isValue(name))) return false;
  // A row with a number in it is data, and a cell of it could not be read.
  if (names.some(isValue)) return areYears(names);
  const sample = body.filter((cells) => cells.some(Boolean)).slice(0, 100);
  if (!sample.length) return true;
  return names.some((name, at) => {
    if (isMissing(name) || isValue(name)) return false;
    const cells = sample.map((row) => row[at] ?? "").filter((cell) => !isMissing(cell));
    return cells.filter(isValue).length > cells.length / 2;
  }) || names.every((name) => name && !isMissing(name) && !isValue(name));
}

/** Whether the numbers among names are years one after the other, as tables over time have them. @param {string[]} names */
function areYears(names) {
  const numbers = names.filter((name) => /^\d{4}$/.test(name)).map(Number);
  return numbers.length > 2 && numbers[0] > 1500 && numbers.every((year, i) => year === numbers[0] + i);
}

/** Whether the first cells are names, or count the rows. @param {string[][]} body */
function counts(body) {
  const firsts = body.filter((cells) => cells.some(Boolean)).map((cells) => cells[0]);
  return firsts.some((cell) => !/^\d+$/.test(cell)) || firsts.every((cell, i) => Number(cell) === Number(firsts[0]) + i);
}

/** @type {(name: string, cells: string[], rows: number[], read: (cell: string) => number, days: "auto" | "first" | "second") => Column} */
function readColumn(name, cells, rows, read, days) {
  /** @type {Column} */
  const column = { name, kind: "text", values: [], cells, unread: [], missing: 0, unit: "" };
  /** @type {Map<string, number>} */
  const units = new Map();
  let [numbers, written] = [0, 0];
  const values = cells.map((cell) => {
    if (isMissing(cell)) return NaN;
    written++;
    let value = read(cell);
    let unit = "";
    if (Number.isNaN(value)) {
      const parted = unitOf(cell);
      if (!parted.unit) return NaN;
      value = read(parted.rest);
      if (Number.isNaN(value)) return NaN;
      unit = parted.unit;
    }
    numbers++;
    units.set(unit, (units.get(unit) ?? 0) + 1);
    return value;
  });
  column.missing = cells.length - written;
  if (!written) return { ...column, kind: "empty", values };
  const dates = numbers < written / 2 ? datesOf(cells, days) : compactDates(cells);
  if (dates && dates.count >= written / 2) {
    const times = cells.map(dates.read);
    const first = times.reduce((least, time) => (time < least ? time : least), Infinity);
    column.format = dates.format;
    column.first = first;
    column.ambiguous = dates.ambiguous;
    column.kind = dates.ambiguous ? "text" : "dates";
    column.values = times.map((time) => (time - first) / DAY);
  } else if (numbers >= written / 2) {
    column.kind = "numbers";
    column.unit = [...units].sort((a, b) => b[1] - a[1])[0][0];
    // A number of another unit is another quantity.
    column.values = units.size > 1 ? values.map((value, i) => (Number.isNaN(value) || (Number.isNaN(read(cells[i])) ? unitOf(cells[i]).unit : "") === column.unit ? value : NaN)) : values;
  } else {
    column.values = values.map(() => NaN);
    return column;
  }
  column.values.forEach((value, i) => {
    if (Number.isNaN(value) && !isMissing(cells[i])) column.unread.push({ row: rows[i], text: cells[i] });
  });
  return column;
}

/** @param {string} given @param {Set<string>} used */
function nameOf(given, used) {
  const name = given.replace(/\s+/g, " ").replace(/\p{Surrogate}/gu, "\ufffd");
  let unique = name;
  for (let n = 2; used.has(unique); n++) unique = `${name} (${n})`;
  used.add(unique);
  return unique;
}

/** @param {string[]} cells */
const lengthOf = (cells) => cells.findLastIndex(Boolean) + 1;

/** The most frequent of some numbers, of several the largest. @param {number[]} numbers */
function mode(numbers) {
  /** @type {Map<number, number>} */
  const counted = new Map();
  for (const n of numbers) counted.set(n, (counted.get(n) ?? 0) + 1);
  let best = 0;
  for (const [n, count] of counted) {
    const most = counted.get(best) ?? 0;
    if (count > most || (count === most && n > best)) best = n;
  }
  return best;
}

// Words ---------------------------------------------------------------------------------------

/** @param {number} n @param {string} one */
export const many = (n, one) => `${n.toLocaleString("en-GB")} ${one}${n === 1 ? "" : "s"}`;

/** @param {string} text */
export const quoted = (text) => `“${text.length > 24 ? `${text.slice(0, 23)}…` : text}”`;

/** @type {(table: Table, skipped: number, sign: {doubt?: string}) => void} */
function tell(table, skipped, { doubt }) {
  const { said, columns, long } = table;
  const between = { "\t": "tabs", ";": "semicolons", "|": "bars", ",": "commas", " ": "spaces" }[table.delimiter] ?? quoted(table.delimiter);
  const how = columns.length > 1 ? `, with ${between} between the cells` : "";
  const decimal = table.decimal === "," ? " and decimal commas" : "";
  said.unshift(`Read ${many(table.rowNumbers.length, "row")} and ${many(columns.length, "column")}${how}${decimal}; ${table.header ? "the first row has the names" : "no row has names"}.`);
  if (skipped) said.push(`${many(skipped, "line")} above the table ${skipped === 1 ? "was" : "were"} skipped.`);
  if (table.blank) said.push(`${many(table.blank, "empty row")} ${table.blank === 1 ? "was" : "were"} skipped.`);
  if (!table.quotes) said.push("A quotation mark is never closed, so quotation marks were read as letters.");
  if (long.length) said.push(`${many(long.length, "row")} ${long.length === 1 ? "has" : "have"} more cells than there are columns, and ${long.length === 1 ? "is" : "are"} left out: ${rowList(long.map(({ row }) => row))}.`);
  if (doubt) said.push(doubt);
  for (const column of columns) {
    const { name, kind, unit, first, format } = column;
    if (kind === "dates" && first !== undefined) said.push(`${quoted(name)} are dates (${format}); they became days since the first, ${dateText(first)}.`);
    if (column.ambiguous) said.push(`${quoted(name)} are dates in which day and month could be each other: choose which comes first.`);
    if (unit) said.push(`${quoted(name)} was read without its ${unit}.`);
    const clock = unixTimes(column);
    if (clock) said.push(`${quoted(name)} looks like Unix times in ${clock}, from ${dateText(clock === "seconds" ? least(column.values) * 1e3 : least(column.values))} on. It is far from zero: train on standardised values.`);
    const marks = placeholder(column);
    if (marks) said.push(`${quoted(name)} has ${many(marks.count, "cell")} with ${marks.value}. If that stands for missing, empty them: they were read as a number.`);
  }
}

/** @param {number[]} values */
const least = (values) => values.reduce((low, value) => (value < low ? value : low), Infinity);

/** Whether a column counts since 1970, and in what. @param {Column} column */
function unixTimes({ kind, name, values }) {
  if (kind !== "numbers" || !/time|date|stamp|unix|epoch|^ts?$|created|_at$/i.test(name)) return undefined;
  const inside = (/** @type {number} */ low) => values.every((value) => Number.isNaN(value) || (value >= low && value < 4 * low));
  return inside(1e9) ? "seconds" : inside(1e12) ? "milliseconds" : undefined;
}

/** What a column may hold instead of a missing value: the lowest by far, such as -999. @param {Column} column */
function placeholder({ kind, values }) {
  if (kind !== "numbers") return undefined;
  const value = least(values);
  if (![-99, -999, -9999, -99999].includes(value)) return undefined;
  return { value: String(value).replace("-", "−"), count: values.filter((one) => one === value).length };
}

/** Write row numbers short: 3, 7, 12–15. @param {number[]} rows @param {number} [most] */
export function rowList(rows, most = 40) {
  /** @type {[number, number][]} */
  const runs = [];
  for (const row of rows) {
    const last = runs[runs.length - 1];
    if (last && row === last[1] + 1) last[1] = row;
    else runs.push([row, row]);
  }
  const told = runs.slice(0, most).map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`));
  const rest = runs.slice(most).reduce((sum, [from, to]) => sum + to - from + 1, 0);
  return `${rows.length === 1 ? "row" : "rows"} ${told.join(", ")}${rest ? ` and ${many(rest, "more row")}` : ""}`;
}

// Choice --------------------------------------------------------------------------------------

/** Whether a line can be drawn with a column: it has values. @param {Column} column */
export const usable = ({ kind }) => kind === "numbers" || kind === "dates";

/**
 * Return the values of the rows in which all chosen columns have one, and why the others have not.
 * @param {Table} table @param {number[]} xs @param {number} y
 */
export function chosen(table, xs, y) {
  const all = [...xs, y].map((at) => table.columns[at]);
  /** @type {number[][]} */
  const columns = all.map(() => []);
  /** @type {number[]} */
  const rows = [];
  /** @type {{row: number, why: string}[]} */
  const left = [];
  table.rowNumbers.forEach((row, i) => {
    const gap = all.find(({ values }) => Number.isNaN(values[i]));
    if (gap) {
      const cell = gap.cells[i];
      left.push({ row, why: isMissing(cell) ? `${quoted(gap.name)} is missing` : `${quoted(cell)} in ${quoted(gap.name)} is no ${gap.kind === "dates" ? "such date" : "number"}` });
    } else {
      rows.push(row);
      all.forEach(({ values }, at) => columns[at].push(values[i]));
    }
  });
  return { columns: columns.slice(0, -1), y: columns[columns.length - 1], rows, left };
}

/** Read what a reader types for a column: a number as in the table, or a date. @param {Table} table @param {Column} column @param {string} typed */
export function valueOf(table, column, typed) {
  const text = typed.trim();
  if (column.format && column.first !== undefined) {
    const time = [...FORMATS, COMPACT].find(({ format }) => format === column.format)?.read(text) ?? NaN;
    if (!Number.isNaN(time)) return (time - column.first) / DAY;
  }
  const { unit, rest } = unitOf(text);
  const number = unit && unit === column.unit ? rest : text;
  const own = numberReader(table.decimal, table.groups)(number);
  return Number.isNaN(own) ? numberReader(".", "")(number) : own;
}

const NUMBER = /[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|\bnan\b|[+-]?\binf(?:inity)?\b/gi;

/** Find the losses in what a training loop has printed: after the word, or else the last of a line. @param {string} printed */
export function lossesOf(printed) {
  return printed.split("\n").flatMap((line) => {
    // MseLossBackward0 is no loss of 0.
    const words = line.replace(/\b[a-z_]\w*\d\w*\b/gi, "");
    const after = /loss\W*?((?:[+-]?[\d.]|nan\b|[+-]?inf).*)/i.exec(words);
    const found = (after ? after[1] : words).match(NUMBER) ?? [];
    const numbers = found.map((text) => Number(text.toLowerCase().replace(/inf(inity)?/, "Infinity").replace("nan", "NaN")));
    if (after) return numbers.slice(0, 1);
    return /[a-z]/i.test(words.replace(NUMBER, "")) ? numbers.slice(-1) : numbers;
  });
}
