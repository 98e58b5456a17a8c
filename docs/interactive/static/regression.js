// Least squares for any number of columns, and how far the scatter leaves it open: pure functions,
// held to linreg, statsmodels and NIST's certified values.

/** @typedef {ReturnType<typeof leastSquares>} Fit */
/** @typedef {{parts: Float64Array[], means: number[], tails: number[], powers: number[]}} Centred */
/** @typedef {{units: Float64Array[], factor: number[][], repeated: number[]}} Orthogonal */

// What the others leave of a column that they already say: this share of it is rounding.
const SAME = 1e-12;

/** @param {ArrayLike<number>} a @param {ArrayLike<number>} b */
export function dot(a, b) {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** Add a multiple of b to a. @param {Float64Array} a @param {number} times @param {ArrayLike<number>} b */
function add(a, times, b) {
  for (let i = 0; i < a.length; i++) a[i] += times * b[i];
}

/** The sum, and what rounding took from it (Knuth, TAOCP volume 2, 4.2.2). @param {number} a @param {number} b */
function twoSum(a, b) {
  const sum = a + b;
  const seen = sum - a;
  return [sum, a - (sum - seen) + (b - seen)];
}

/** The product, and what rounding took from it (Dekker 1971). @param {number} a @param {number} b */
function twoProduct(a, b) {
  const product = a * b;
  const halves = (/** @type {number} */ value) => {
    const high = value * 134217729 - (value * 134217729 - value);
    return [high, value - high];
  };
  const [[a1, a2], [b1, b2]] = [halves(a), halves(b)];
  return [product, a1 * b1 - product + a1 * b2 + a2 * b1 + a2 * b2];
}

/** A power of two as two factors, since it alone might pass what float64 holds. @param {number} power */
const factors = (power) => [2 ** Math.trunc(power / 2), 2 ** (power - Math.trunc(power / 2))];

/** @param {number} value @param {number} power */
export function times2(value, power) {
  const [a, b] = factors(power);
  return value * a * b;
}

// Columns ------------------------------------------------------------------------------------

/** @param {string} words @param {number} [column] */
const refuse = (words, column) => Object.assign(new Error(words), { column });

/**
 * Throw for what is no table of numbers. An error that is a column's fault has its index as
 * `column`, and y counts as the one after the last.
 * @param {number[][]} columns @param {number[]} y
 */
export function requireTable(columns, y) {
  if (columns.length === 0) throw refuse("there is no x; choose at least one column");
  if (y.length < 2) throw refuse(`a line needs at least two rows, and there are ${y.length}; add rows`);
  [...columns, y].forEach((values, column) => {
    if (values.length !== y.length) {
      throw refuse(`column ${column} has ${values.length} values and y has ${y.length}; give one for each row`, column);
    }
    const row = values.findIndex((value) => !Number.isFinite(value));
    if (row >= 0) throw refuse(`column ${column} has no number in row ${row}; fill it, or leave the row out`, column);
  });
}

/** Throw for a column whose values are all one. @param {number[]} values @param {number} column */
export function requireSpread(values, column) {
  if (values.every((value) => value === values[0])) {
    const words = "y cannot change with a column that does not; leave it out, or add a row with another value";
    throw refuse(`all values of column ${column} equal ${values[0]}: ${words}`, column);
  }
}

/**
 * Return the columns near 1, times powers of two, and less their means unless there is no intercept.
 * tails: the digits that float64 rounded off the means.
 * @param {number[][]} columns @param {boolean} intercept @returns {Centred}
 */
export function centred(columns, intercept) {
  const all = columns.map((values) => {
    const most = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const power = most && Math.max(-1000, Math.min(1000, -Math.floor(Math.log2(most))));
    const part = new Float64Array(values);
    const near = 2 ** power;
    for (let i = 0; i < part.length; i++) part[i] *= near;
    if (!intercept) return { part, mean: 0, tail: 0, power };
    // Distances from a value of the column cancel nothing, and are exact zeros where all are equal.
    const first = part[0];
    for (let i = 0; i < part.length; i++) part[i] -= first;
    const [shift, rest] = [recentre(part), recentre(part)];
    const [mean, tail] = twoSum(first, shift);
    return { part, mean, tail: tail + rest, power };
  });
  return {
    parts: all.map(({ part }) => part),
    means: all.map(({ mean }) => mean),
    tails: all.map(({ tail }) => tail),
    powers: all.map(({ power }) => power),
  };
}

/** Subtract the mean, and return it. @param {Float64Array} part */
function recentre(part) {
  let sum = 0;
  for (let i = 0; i < part.length; i++) sum += part[i];
  const mean = sum / part.length;
  for (let i = 0; i < part.length; i++) part[i] -= mean;
  return mean;
}

/**
 * Return orthogonal units and the triangular factor that makes the parts of them: factor[j][k] is
 * the share of unit k in part j (Gram and Schmidt, again where much cancels: Parlett, The Symmetric
 * Eigenvalue Problem, 6-9). A column that those before it already say has a unit of zeros.
 * @param {Centred} given @returns {Orthogonal}
 */
export function orthogonal({ parts, means }) {
  /** @type {Orthogonal} */
  const found = { units: [], factor: [], repeated: [] };
  parts.forEach((part, j) => {
    const own = part.slice();
    const shares = parts.map(() => 0);
    const length = Math.sqrt(dot(own, own));
    // A column that is far from 0 was rounded before it came here.
    const rounding = 4 * Number.EPSILON * Math.abs(means[j]) * Math.sqrt(part.length);
    const least = j ? Math.max(SAME * length, Math.min(rounding, 1e-6 * length)) : 0;
    let [before, left] = [Infinity, length];
    while (left > least && left < before / 2) {
      before = left;
      found.units.forEach((unit, k) => {
        const share = dot(unit, own);
        shares[k] += share;
        add(own, -share, unit);
      });
      left = Math.sqrt(dot(own, own));
    }
    shares[j] = left;
    const same = left <= least;
    if (same) found.repeated.push(j);
    for (let i = 0; i < own.length; i++) own[i] = same ? 0 : own[i] / left;
    found.units.push(own);
    found.factor.push(shares);
  });
  return found;
}

/** Take from `left` what the units say of it, and return how much that was. @param {Float64Array[]} units @param {Float64Array} left */
export const project = (units, left) =>
  units.map((unit) => {
    const share = dot(unit, left);
    add(left, -share, unit);
    return share;
  });

// The best line or plane ---------------------------------------------------------------------

/**
 * Return the line or plane with the smallest sum of squared residuals.
 *
 * columns: d arrays of n numbers each, in the reader's units. Of columns that can be computed from
 * those before them, `repeated` has the indices; their slopes are 0. Errors are standard errors.
 * Errors and the deviation of the residuals, sqrt(rss / freedom), are null where every fit is
 * exact, and rSquared where all y are equal. `inner`: what predict and bands need, in other units.
 * Throws an Error for columns that determine nothing (see requireTable and requireSpread), and
 * where float64 cannot hold the result.
 * @param {number[][]} columns @param {number[]} y @param {{intercept?: boolean}} [options]
 */
export function leastSquares(columns, y, { intercept = true } = {}) {
  requireTable(columns, y);
  if (intercept) columns.forEach(requireSpread);
  const n = y.length;
  const given = centred(columns, intercept);
  const { units, factor, repeated } = orthogonal(given);
  const { parts: [left], means: [mean], tails: [tail], powers: [power] } = centred([y], intercept);
  const total = left.slice();
  if (!intercept) recentre(total);
  const shares = project(units, left);
  // What the residuals still say is the rounding of the first time.
  const rest = project(units, left);
  const rss = dot(left, left);
  const freedom = n - (columns.length - repeated.length) - Number(intercept);
  const deviation = freedom > 0 ? Math.sqrt(rss / freedom) : null;
  const restSlopes = solve(factor, rest, repeated);
  const pairs = solve(factor, shares, repeated).map((slope, j) => twoSum(slope, restSlopes[j]));
  const slopes = pairs.map(([slope]) => slope);
  const terms = slopes.map((slope, j) => twoProduct(slope, given.means[j]));
  const off = pairs.map(([slope, more], j) => slope * given.tails[j] + more * given.means[j] + terms[j][1]);
  const sum = terms.reduce((sum, [term]) => sum - term, mean);
  const inner = { slopes, mean, means: given.means, tails: given.tails, powers: given.powers, power, factor, repeated, pull: intercept ? 1 / n : 0 };
  const explained = shares.reduce((sum, share, j) => sum + (share + rest[j]) ** 2, 0);
  const around = dot(total, total);
  if (rss < 1e-20 * around) requireTogether(y, columns.length);
  const [near, back] = [2 ** power, factors(-power)];
  const fit = {
    n,
    freedom,
    slopes: slopes.map((slope, j) => times2(slope, given.powers[j] - power)),
    intercept: intercept ? times2(sum + off.reduce((left, value) => left - value, tail), -power) : 0,
    slopeErrors: inverseLengths(factor, repeated).map((length, j) =>
      deviation === null || repeated.includes(j) ? null : times2(deviation * length, given.powers[j] - power)),
    /** @type {number | null} */
    interceptError: null,
    residualDeviation: deviation === null ? null : times2(deviation, -power),
    rSquared: around ? (intercept ? explained / (explained + rss) : 1 - rss / around) : null,
    fitted: y.map((value, i) => (value * near - left[i]) * back[0] * back[1]),
    residuals: y.map((_, i) => left[i] * back[0] * back[1]),
    rank: columns.length - repeated.length,
    repeated,
    inner,
  };
  if (intercept && fit.residualDeviation !== null) {
    fit.interceptError = fit.residualDeviation * Math.sqrt(leverage(fit, columns.map(() => 0)));
  }
  if (![...fit.slopes, fit.intercept, ...fit.slopeErrors, fit.interceptError].every((value) => Number.isFinite(value ?? 0))) {
    throw refuse("float64 cannot hold the slopes; choose other units");
  }
  return fit;
}

/**
 * Throw where y is so far out in one row that rounding loses how the others differ, though the line
 * seems to go through all.
 * @param {number[]} y @param {number} column
 */
function requireTogether(y, column) {
  const sorted = [...y].sort((a, b) => a - b);
  const [least, middle, most] = [0, y.length >> 1, y.length - 1].map((place) => sorted[place]);
  const near = 1e4 * Number.EPSILON * Math.max(most - middle, middle - least);
  const lost = y.filter((value) => value !== middle && Math.abs(value - middle) < near);
  if (lost.length <= y.length / 2) return;
  const ends = `y goes from ${least.toPrecision(4)} to ${most.toPrecision(4)}`;
  const words = "drop the row that is far out if it stands for a missing value";
  throw refuse(`${ends}, so far that float64 loses how the others differ; ${words}`, column);
}

/** Solve factor · w = shares. @param {number[][]} factor @param {number[]} shares @param {number[]} repeated */
function solve(factor, shares, repeated) {
  const found = shares.map(() => 0);
  for (let j = found.length - 1; j >= 0; j--) {
    if (repeated.includes(j)) continue;
    let left = shares[j];
    for (let k = j + 1; k < found.length; k++) left -= factor[k][j] * found[k];
    found[j] = left / factor[j][j];
  }
  return found;
}

/** The lengths of the rows of the factor's inverse. @param {number[][]} factor @param {number[]} repeated */
function inverseLengths(factor, repeated) {
  const columns = factor.map((_, k) => solve(factor, factor.map((_, j) => Number(j === k)), repeated));
  return factor.map((_, j) => Math.hypot(...columns.map((column) => column[j])));
}

/** How far a row is from the middle, in inner units. @param {Fit} fit @param {number[]} row */
const away = ({ inner }, row) =>
  row.map((value, j) => value * 2 ** inner.powers[j] - inner.means[j] - inner.tails[j]);

/** The pull of a point at a row on the fit there. @param {Fit} fit @param {number[]} row */
function leverage(fit, row) {
  const { factor, repeated, pull } = fit.inner;
  /** @type {number[]} */
  const found = [];
  away(fit, row).forEach((value, j) => {
    const left = found.reduce((left, part, k) => left - factor[j][k] * part, value);
    found.push(repeated.includes(j) ? 0 : left / factor[j][j]);
  });
  return pull + dot(found, found);
}

/** The y of the fit at a row: one number for each column. @param {Fit} fit @param {number[]} row */
export function predict(fit, row) {
  const { slopes, mean, power } = fit.inner;
  const found = times2(mean + dot(slopes, away(fit, row)), -power);
  if (!Number.isFinite(found)) throw refuse("this is too far out: float64 cannot hold the result; come nearer");
  return found;
}

/**
 * Return the intervals that hold the mean of many, and one new y, in a share `confidence` of all
 * samples; null where every fit is exact, whose scatter is unknown.
 * @param {Fit} fit @param {number[]} row @param {number} confidence
 * @returns {{mean: [number, number], one: [number, number]} | null}
 */
export function bands(fit, row, confidence) {
  if (fit.residualDeviation === null) return null;
  const [middle, pull] = [predict(fit, row), leverage(fit, row)];
  const width = reach(confidence, fit.freedom) * fit.residualDeviation;
  const [mean, one] = [width * Math.sqrt(pull), width * Math.sqrt(1 + pull)];
  return { mean: [middle - mean, middle + mean], one: [middle - one, middle + one] };
}

/**
 * Return how many standard errors to either side hold a share of Student's distribution.
 *
 * With the tangent of an angle times sqrt(freedom), the share is a finite sum of powers of the
 * angle's cosine (Abramowitz & Stegun, 26.7.3 and 26.7.4). It bends down all the way, so Newton's
 * steps from 0 come from below and never pass it.
 * @param {number} share @param {number} freedom
 */
export function reach(share, freedom) {
  const odd = freedom % 2;
  let [angle, step] = [0, 1];
  for (let tries = 0; tries < 100 && step > 1e-15 * angle; tries++) {
    const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
    let [power, factor, sum] = [odd ? cosine : 1, 1, 0];
    for (let k = 1 + odd; k < freedom; k += 2) {
      sum += factor * power;
      // The last factor is that of the slope.
      if (k + 2 < freedom) factor *= k / (k + 1);
      power *= cosine ** 2;
    }
    const held = odd ? (2 / Math.PI) * (angle + sine * sum) : sine * sum;
    const slope = Math.max(1, freedom - 1) * factor * cosine ** (freedom - 1) * (odd ? 2 / Math.PI : 1);
    step = (share - held) / slope;
    angle += step;
  }
  return Math.tan(angle) * Math.sqrt(freedom);
}
