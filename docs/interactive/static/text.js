// Numbers to text and back: what fields, axes, links and programs write and read. No page needed.

/** @typedef {{low: number, high: number, step: number, log?: boolean}} Range */

/** @param {number} value @param {{low: number, high: number}} range */
export const clamp = (value, { low, high }) => Math.max(low, Math.min(high, value));

/** Return the functions that lead to an even scale and back. @param {boolean} [log] */
export const evenly = (log) =>
  log ? { into: Math.log, back: Math.exp } : { into: Number, back: Number };

// Out of the page ----------------------------------------------------------------------------

/** @type {Map<number, Intl.NumberFormat>} */
const formats = new Map();

/**
 * Write a number with so many decimals, as the pages do; one that has run away, with its power.
 * @param {number} value @param {number} digits
 */
export function fixed(value, digits) {
  if (!Number.isFinite(value)) return "beyond all numbers";
  if (Math.abs(value) >= 1e8) return value.toExponential(1).replace("e+", "e").replace("-", "−");
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  const format = formats.get(digits) ?? new Intl.NumberFormat("en-GB", options);
  formats.set(digits, format);
  return format.format(value).replace(/^-(?=.*[1-9])/, "−").replace(/^-/, "");
}

/** Round to so many significant digits, as Python does: from exactly between two to the even one. @param {number} value @param {number} digits */
function rounded(value, digits) {
  const [mantissa, power] = value.toExponential(60).split("e");
  const at = mantissa.indexOf(".") + digits;
  const even = /[02468]\.?$/.test(mantissa.slice(0, at)) && /^50*$/.test(mantissa.slice(at));
  return even ? Number(`${mantissa.slice(0, at)}e${power}`) : Number(value.toPrecision(digits));
}

/** Write a number as Python's format .{digits}g does. @param {number} value @param {number} digits */
export function general(value, digits) {
  if (!Number.isFinite(value)) return String(value).replace("Infinity", "inf").replace("NaN", "nan");
  const near = rounded(value, digits);
  const power = Number(near.toExponential().split("e")[1]);
  return power < -4 || power >= digits ? inPowers(near) : String(near);
}

/** @param {number} value */
function inPowers(value) {
  const [mantissa, power] = value.toExponential().split("e");
  return `${mantissa}e${power[0]}${power.slice(1).padStart(2, "0")}`;
}

/** Write a number with all its digits, as Python does: in six of them where those are all. @param {number} value */
export function exactly(value) {
  if (rounded(value, 6) === value) return general(value, 6);
  const size = Math.abs(value);
  if (size < 1e-4 || size >= 1e16) return inPowers(value);
  return `${value}${Number.isInteger(value) ? ".0" : ""}`;
}

/** Write a share as Python's format .0% does. @param {number} share */
export function percent(share) {
  const value = 100 * share;
  if (!Number.isFinite(value)) return `${general(value, 3)}%`;
  const low = Math.floor(value);
  const up = value - low > 0.5 || (value - low === 0.5 && low % 2 !== 0);
  return `${low + Number(up)}%`;
}

/** Round down to so many significant digits. @param {number} value @param {number} digits */
export function roundedDown(value, digits) {
  const near = rounded(value, digits);
  if (near <= value) return near;
  const power = Number(value.toExponential().split("e")[1]);
  const unit = 10 ** (power - digits + 1);
  return Number((near - unit).toPrecision(digits));
}

/** @param {number} n */
export const epochsInWords = (n) => (n === 1 ? "1 epoch" : `${fixed(n, 0)} epochs`);

// Axes ---------------------------------------------------------------------------------------

/** Return about so many round numbers from low to high. @type {(low: number, high: number, about: number) => number[]} */
export function ticks(low, high, about) {
  const rough = (high - low) / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}

/** Return at most about so many powers of ten from low to high. @type {(low: number, high: number, about: number) => number[]} */
export function logTicks(low, high, about) {
  const [first, last] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
  const step = Math.max(1, Math.ceil((last - first) / about));
  const powers = [];
  for (let power = first; power <= last; power += step) powers.push(10 ** power);
  return powers;
}

/** @param {number} value @param {boolean} [log] */
export function tickText(value, log) {
  if (value >= 1e4 && log) return `10${superscript(Math.round(Math.log10(value)))}`;
  const text = Math.abs(value) < 1e4 ? String(Number(value.toPrecision(6))) : fixed(value, 0);
  return text.replace("-", "−");
}

/** @param {number} n */
const superscript = (n) => [...String(n)].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]).join("");

// Links and programs -------------------------------------------------------------------------

/**
 * Return the numbers that the texts of a link name, each within its range.
 * @param {Record<string, string | undefined>} texts @param {Record<string, Range>} ranges
 */
export function readNumbers(texts, ranges) {
  /** @type {Record<string, number>} */
  const found = {};
  for (const [name, range] of Object.entries(ranges)) {
    const value = Number(texts[name]);
    if (texts[name]?.trim() && Number.isFinite(value)) found[name] = clamp(value, range);
  }
  return found;
}

/** @param {[number, number][]} points */
export const writePoints = (points) => points.map((point) => point.join("-")).join("_");

/** Whether a line through the points is one only. @param {[number, number][]} points */
export const spread = (points) => points.some(([x]) => x !== points[0][0]);

/**
 * Return the points that a text of a link names, rounded, or nothing where they make no line.
 * @param {string} text
 * @param {{fewest: number, most: number, ranges: Record<string, Range>}} limits
 */
export function readPoints(text, { fewest, most, ranges }) {
  const parts = text.split("_").map((part) => part.split("-"));
  if (!parts.every((part) => part.length === 2 && part.every((number) => /^\d+(\.\d+)?$/.test(number)))) {
    return undefined;
  }
  const points = parts.map(([x, y]) => /** @type {[number, number]} */ ([Math.round(Number(x)), Math.round(Number(y))]));
  const inside = (/** @type {number} */ value, /** @type {Range} */ range) => value === clamp(value, range);
  const fit = points.every(([x, y]) => inside(x, ranges.hours) && inside(y, ranges.score));
  return fit && points.length >= fewest && points.length <= most && spread(points) ? points : undefined;
}

/**
 * Return a template with its `$names` replaced by their values.
 * @param {string} template @param {Record<string, string | number>} values
 */
export const filled = (template, values) =>
  template.replace(/\$(\w+)/g, (_, name) => {
    if (!(name in values)) throw new Error(`the program asks for $${name}, and nothing gives it`);
    return String(values[name]);
  });
