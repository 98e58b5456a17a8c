// How gradient descent goes on any number of columns, told before it is run: linreg.diagnose, and
// the run itself in closed form. Pure functions.

import { paces, thinned, valley } from "./math.js";
import { centred, dot, orthogonal, project, requireSpread, requireTable, times2 } from "./regression.js";
import { general } from "./text.js";
import { along, ratesOf, verdict } from "./words.js";

/** @typedef {ReturnType<typeof diagnose>} Diagnosis */
/** @typedef {{names?: string[], lr?: number | null, momentum?: number, epochs: number, intercept?: boolean, reduction?: "mean" | "sum", factor?: number, batchSize?: number | null}} Options */

// An error that has shrunk to this share of its start counts as converged, as in linreg.
export const TOLERANCE = 1e-4;

// Columns whose distance is below the rounding of 32-bit numbers are the same to a run in them.
const SAME = 2 ** -23;

// The largest number of 32 bits: a loss above it is inf to PyTorch.
const LARGEST = (2 - 2 ** -23) * 2 ** 127;

/**
 * Say how gradient descent on the columns will go, whatever y is: see linreg.diagnose.
 *
 * names: of the columns, for the verdict. lr: without it, the best constant one. limit: the largest
 * stable lr, and safeLr that for any dealing of batches. repeated: the names of parameters that can
 * be computed from each other, exactly or to 32 bits. progress: what an epoch takes of the error in
 * the slower direction.
 * Throws an Error for settings out of range, and for columns from which nothing can be learnt.
 * @param {number[][]} columns @param {Options} options
 */
export function diagnose(columns, options) {
  const { lr = null, momentum = 0, epochs } = options;
  requireSettings(options);
  const curvature = measure(columns, options);
  const { small, large, eigenvalues, steps } = curvature;
  const { limit, safe, best } = ratesOf(curvature, momentum);
  const settings = { lr: lr ?? best, momentum, epochs };
  const { level, steep } = paces(curvature, settings.lr, momentum);
  const step = Math.min(level.progress, steep.progress);
  const root = Math.sqrt(large / small);
  return {
    verdict: verdict(curvature, settings, TOLERANCE),
    limit,
    safeLr: safe,
    bestLr: best,
    bestMomentum: Math.min(((root - 1) / (root + 1)) ** 2, 1 - Number.EPSILON / 2),
    repeated: curvature.repeated,
    slow: curvature.slow,
    eigenvalues,
    conditionNumber: eigenvalues[0] ? large / eigenvalues[0] : Infinity,
    steps,
    ...settings,
    progress: steps === 1 ? step : step < 1 ? -Math.expm1(Math.min(700, steps * Math.log1p(-step))) : 1,
  };
}

/** @param {Options} options */
function requireSettings({ lr, momentum = 0, epochs, batchSize }) {
  const whole = (/** @type {number} */ value) => Number.isInteger(value) && value >= 1;
  if (lr != null && !(lr > 0 && lr < 1e38)) {
    throw new Error(`lr=${lr} is no learning rate; give a positive number such as 1e-4`);
  }
  if (!(momentum >= 0 && momentum < 1)) {
    throw new Error(`momentum=${momentum} never settles; give 0 or more, and less than 1`);
  }
  if (!whole(epochs)) throw new Error(`epochs=${epochs} is no number of epochs; give a whole number from 1 up`);
  if (batchSize != null && !whole(batchSize)) {
    throw new Error(`batch_size=${batchSize} is no number of points; give a whole number from 1 up`);
  }
}

/**
 * Return the curvature of the loss, as linreg.curvature does, and all its eigenvalues, ascending.
 * @param {number[][]} columns @param {Options} options
 */
function measure(columns, { names, intercept = true, reduction = "mean", factor = 1, batchSize = null }) {
  requireTable(columns, columns[0] ?? []);
  const n = columns[0].length;
  const size = Math.min(batchSize ?? n, n);
  const many = names ?? columns.map((_, place) => `x[:, ${place}]`);
  const named = [...(columns.length > 1 ? many : ["slope"]), ...(intercept ? ["intercept"] : [])];
  const found = intercept && columns.length === 1 ? ofColumn(columns[0]) : ofColumns(columns, intercept, named);
  const { eigenvalues, vectors, lost, standardised } = found;
  const weight = factor * (reduction === "sum" ? size : 1);
  const top = eigenvalues.length - 1;
  let steepest = eigenvalues[top];
  if (size < n) {
    // The last batch holds what is left: the fewer points, the further a mean can be off.
    const fewest = reduction === "mean" ? n % size || size : size;
    steepest = Math.min(2 * largestSquares(columns, fewest, intercept), n * steepest) / fewest;
  }
  const share = factor === 1 ? "" : factor === 0.5 ? "half " : `${general(factor, 6)} times `;
  const dealt = size < n ? ` in batches of ${batchSize}` : "";
  return {
    eigenvalues: eigenvalues.map((value) => weight * value),
    small: weight * eigenvalues[lost],
    large: weight * eigenvalues[top],
    slow: along(eigenvalues, vectors, named, lost, lost),
    steep: along(eigenvalues, vectors, named, lost, top),
    steepest: weight * steepest,
    steps: Math.ceil(n / size),
    standardised: { small: weight * standardised.small, large: weight * standardised.large },
    repeated: found.repeated,
    loss: `${share}the ${reduction} of squares${dealt}${intercept ? "" : ", no intercept"}`,
  };
}

/** One column and an intercept. @param {number[]} x */
function ofColumn(x) {
  requireSpread(x, 0);
  const { small, large, cosine, sine } = valley(x);
  if (!(small > 1e-280 && large < 1e300)) throw unheld();
  /** @type {string[]} */
  const repeated = [];
  const standardised = { small: 2, large: 2 };
  return { eigenvalues: [small, large], vectors: [[-sine, cosine], [cosine, sine]], lost: 0, repeated, standardised };
}

const unheld = () => new Error("float64 cannot hold the squares of x; choose other units for x");

/** @param {number[][]} columns @param {boolean} intercept @param {string[]} names */
function ofColumns(columns, intercept, names) {
  const given = centred(columns, true);
  const matrix = designOf(given, orthogonal(given).factor, columns[0].length, intercept);
  const { sizes, vectors } = singular(matrix);
  const largest = sizes[sizes.length - 1];
  if (largest === 0) throw new Error("all x are 0: nothing can be learnt from them; add points with another x");
  // Below this they are rounding, and the columns are as good as equal.
  const least = 4 * sizes.length * Number.EPSILON * largest;
  const eigenvalues = sizes.map((value) => (value < least ? 0 : 2 * value ** 2));
  const { lost, repeated } = repeatedIn(matrix, names);
  if (eigenvalues[lost] === 0) {
    const words = "the columns of x differ so much in size that float64 sees only the larger ones";
    throw new Error(`${words}; standardise x, or choose other units`);
  }
  return {
    eigenvalues,
    vectors,
    lost,
    repeated,
    standardised: standardisedEnds(matrix, intercept, lost),
  };
}

/**
 * Return a matrix D with DᵀD = H / 2 for the mean of squares, [[C, 0], [means, 1]], column by
 * column. C is the triangular factor of the columns less their means: no Gram matrix loses the
 * digits in which nearly equal columns differ.
 * @param {import("./regression.js").Centred} given @param {number[][]} factor @param {number} n @param {boolean} intercept
 */
function designOf({ means, powers }, factor, n, intercept) {
  const matrix = factor.map((shares, j) => {
    const back = (/** @type {number} */ value) => times2(value, -powers[j]);
    return [...shares.map((share) => back(share / Math.sqrt(n))), back(means[j])];
  });
  if (!matrix.flat().every((value) => Math.abs(value) < 1e150)) throw unheld();
  return intercept ? [...matrix, [...factor.map(() => 0), 1]] : matrix;
}

/**
 * Return the singular values of a matrix, ascending, with the unit vectors on its right, and its
 * columns turned along them: one-sided Jacobi rotations, until all columns are at right angles
 * (Golub & Van Loan, Matrix Computations, 8.6.3).
 * @param {number[][]} columns
 */
export function singular(columns) {
  const turned = columns.map((column) => Float64Array.from(column));
  const vectors = columns.map((_, j) => columns.map((_, k) => Number(j === k)));
  const all = turned.reduce((sum, column) => sum + dot(column, column), 0);
  const least = Number.EPSILON ** 2 * all;
  const level = Number.EPSILON * Math.max(...turned.map(({ length }) => length));
  for (let again = true, sweeps = 0; again && sweeps < 40; sweeps++) {
    again = false;
    for (let j = 1; j < turned.length; j++) {
      for (let i = 0; i < j; i++) {
        const [a, b, c] = [dot(turned[i], turned[i]), dot(turned[j], turned[j]), dot(turned[i], turned[j])];
        if (Math.min(a, b) <= least || Math.abs(c) <= level * Math.sqrt(a * b)) continue;
        again = true;
        const half = (b - a) / (2 * c);
        const tangent = (half < 0 ? -1 : 1) / (Math.abs(half) + Math.hypot(1, half));
        const cosine = 1 / Math.hypot(1, tangent);
        for (const rows of [turned, vectors]) turn(rows[i], rows[j], cosine, cosine * tangent);
      }
    }
  }
  const sizes = turned.map((column) => Math.sqrt(dot(column, column)));
  const order = sizes.map((_, i) => i).sort((i, j) => sizes[i] - sizes[j]);
  return {
    sizes: order.map((i) => sizes[i]),
    vectors: order.map((i) => vectors[i]),
    turned: order.map((i) => turned[i]),
  };
}

/** @param {Float64Array | number[]} a @param {Float64Array | number[]} b @param {number} cosine @param {number} sine */
function turn(a, b, cosine, sine) {
  for (let i = 0; i < a.length; i++) {
    [a[i], b[i]] = [cosine * a[i] - sine * b[i], sine * a[i] + cosine * b[i]];
  }
}

/** @param {number[][]} columns */
const unitColumns = (columns) =>
  columns.map((column) => {
    const length = Math.sqrt(dot(column, column)) || 1;
    return column.map((value) => value / length);
  });

/** Which parameters can be computed from each other, in columns of one length, and how many to drop. @param {number[][]} matrix @param {string[]} names */
function repeatedIn(matrix, names) {
  const { sizes, vectors } = singular(unitColumns(matrix));
  const lost = sizes.filter((size) => size <= SAME * Math.sqrt(sizes.length)).length;
  const said = vectors.slice(0, lost);
  return { lost, repeated: names.filter((_, j) => said.some((vector) => Math.abs(vector[j]) > 0.01)) };
}

/** The ends of the eigenvalues for columns of one size (and mean 0, beside an intercept). @param {number[][]} matrix @param {boolean} intercept @param {number} lost */
function standardisedEnds(matrix, intercept, lost) {
  const columns = intercept ? matrix.slice(0, -1).map((column) => column.slice(0, -1)) : matrix;
  const values = singular(unitColumns(columns)).sizes.map((size) => 2 * size ** 2);
  // Where all columns are constant, the intercept is all there is.
  const [small, large] = [values[lost] ?? 2, values[values.length - 1]];
  return intercept ? { small: Math.min(small, 2), large: Math.max(large, 2) } : { small, large };
}

/** The sum of so many of the largest squared lengths of a point's row. @param {number[][]} columns @param {number} size @param {boolean} intercept */
function largestSquares(columns, size, intercept) {
  const squares = new Float64Array(columns[0].length).fill(Number(intercept));
  for (const column of columns) column.forEach((value, i) => (squares[i] += value ** 2));
  return squares.sort().slice(-size).reduce((sum, square) => sum + square, 0);
}

// The run ------------------------------------------------------------------------------------

/**
 * Return where full-batch gradient descent goes from zero parameters, in exact arithmetic.
 *
 * losses: pairs of epoch and loss, at most 200 or so and ever sparser, and only those that 32-bit
 * numbers hold. slopes, intercept: after the last epoch; null where they passed float64. diverged:
 * whether the error grows along any eigenvector.
 * Throws what diagnose throws.
 * @param {number[][]} columns @param {number[]} y
 * @param {{lr: number, momentum?: number, epochs: number, reduction?: "mean" | "sum", factor?: number}} options
 * @returns {{losses: [number, number][], slopes: number[] | null, intercept: number | null, diverged: boolean}}
 */
export function run(columns, y, { lr, momentum = 0, epochs, reduction = "mean", factor = 1 }) {
  requireTable(columns, y);
  requireSettings({ lr, momentum, epochs });
  const n = y.length;
  const given = centred(columns, true);
  const { units, factor: shares } = orthogonal(given);
  const matrix = designOf(given, shares, n, true);
  const goal = centred([y], true);
  const [[left], [power]] = [goal.parts, goal.powers];
  const back = (/** @type {number} */ value) => times2(value, -power);
  const aim = [...project(units, left).map((share) => back(share / Math.sqrt(n))), back(goal.means[0])];
  const lowest = back(Math.sqrt(dot(left, left) / n)) ** 2;
  const { sizes, vectors, turned } = singular(matrix);
  const least = 4 * sizes.length * Number.EPSILON * sizes[sizes.length - 1];
  const weight = factor * (reduction === "sum" ? n : 1);
  // What is still to go along each eigenvector, as the loss's root; nothing moves where it is flat.
  const ways = sizes
    .map((size, i) => ({ size, vector: vectors[i], off: dot(turned[i], aim) / size, rate: 2 * lr * weight * size ** 2 }))
    .filter(({ size }) => size >= least);
  const marks = thinned(epochs, 200);
  const at = (/** @type {number} */ epoch) =>
    ways.map(({ off, rate }) => off && off * decay(rate, momentum, epoch));
  const losses = marks.map((epoch) => /** @type {[number, number]} */ ([epoch, weight * (lowest + at(epoch).reduce((sum, error) => sum + error ** 2, 0))]));
  const end = at(epochs);
  const found = vectors.map((_, j) =>
    ways.reduce((sum, { size, vector, off }, i) => sum + (vector[j] * (off - end[i])) / size, 0));
  const held = found.every(Number.isFinite);
  const over = losses.findIndex(([, loss]) => !(loss <= LARGEST));
  return {
    losses: over < 0 ? losses : losses.slice(0, over),
    slopes: held ? found.slice(0, -1) : null,
    intercept: held ? found[columns.length] : null,
    diverged: ways.some(({ off, rate }) => off !== 0 && rate > 2 * (1 + momentum)),
  };
}

/** Numbers less their mean and divided by their standard deviation, with both. @param {number[]} values */
export function inStandardUnits(values) {
  const { parts: [part], means: [mean], powers: [power] } = centred([values], true);
  const deviation = Math.sqrt(dot(part, part) / part.length) || 1;
  return {
    values: Array.from(part, (value) => value / deviation),
    mean: times2(mean, -power),
    scale: times2(deviation, -power),
  };
}

/**
 * What so many epochs leave of an error along an eigenvector, e[0] = 1 and e[1] = 1 - rate, by
 * e[k+1] = (1 + momentum - rate) e[k] - momentum e[k-1].
 * @param {number} rate @param {number} momentum @param {number} epochs
 */
function decay(rate, momentum, epochs) {
  if (momentum === 0) return (1 - rate) ** epochs;
  /** @typedef {[number, number, number, number]} Matrix */
  /** @type {(a: Matrix, b: Matrix) => Matrix} */
  const times = ([a, b, c, d], [e, f, g, h]) => [a * e + b * g, a * f + b * h, c * e + d * g, c * f + d * h];
  /** @type {Matrix} */
  let power = [1 + momentum - rate, -momentum, 1, 0];
  /** @type {Matrix} */
  let all = [1, 0, 0, 1];
  for (let left = epochs; left >= 1; left = Math.floor(left / 2)) {
    if (left % 2) all = times(power, all);
    power = times(power, power);
  }
  // As if the error had been the same before: the first step has no velocity.
  return all[0] + all[1];
}
