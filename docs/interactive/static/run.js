// A run of "Train it", without a page: where it leads, epoch by epoch, and what was foretold of it.

import { runInFloat32 } from "./float32.js";
import { leastSquares, logLeft, meanSquaredError, paces, thinned, toEigen, valley } from "./math.js";

/** @typedef {import("./math.js").Line} Line */
/** @typedef {import("./float32.js").Place} Place */
/** @typedef {{name: string, xShift: number, xScale: number, yShift: number, yScale: number, xCode: string, yCode: string, recorded: Line[]}} Unit */
/** @typedef {{x: number[], y: number[], units: Unit[], begin: Line}} Study */
/** @typedef {ReturnType<typeof runOf>} Run */

/**
 * Return the run that the choices make, in units of its own.
 * loss: of a line. left: the share of the distance along the valley that is left at a line.
 * bound: the largest loss that the curvatures allow after an epoch, which they foretell for plain
 * gradient descent only. back: leads a line to the units of the data.
 * @param {Study} study @param {string} units @param {string} optimizer
 * @param {number} lr @param {number} momentum @param {number} epochs
 */
export function runOf(study, units, optimizer, lr, momentum, epochs) {
  const { begin } = study;
  const unit = /** @type {Unit} */ (study.units.find(({ name }) => name === units));
  const x = study.x.map((value) => (value - unit.xShift) / unit.xScale);
  const y = study.y.map((value) => (value - unit.yShift) / unit.yScale);
  const shape = valley(x);
  const best = leastSquares(x, y);
  const lowest = meanSquaredError(best, x, y);
  const followed =
    optimizer === "lbfgs"
      ? recordedRun(unit.recorded, epochs)
      : runInFloat32(rounded(study.x, unit.xShift, unit.xScale), rounded(study.y, unit.yShift, unit.yScale), begin, { optimizer, lr, momentum, epochs });
  const speeds = optimizer === "sgd" ? paces(shape, lr, momentum) : undefined;
  const off = toEigen(shape, best, begin);
  const part = (/** @type {number} */ eigenvalue, /** @type {number} */ error, /** @type {number} */ log) =>
    error && (eigenvalue * error ** 2 * Math.exp(2 * log)) / 2;
  return {
    unit,
    shape,
    best,
    lowest,
    ...followed,
    speeds,
    loss: (/** @type {Line} */ line) => meanSquaredError(line, x, y),
    left: (/** @type {Line} */ line) => Math.abs(toEigen(shape, best, line).level / off.level),
    bound: (/** @type {number} */ epoch) =>
      speeds
        ? lowest +
          part(shape.large, off.steep, logLeft(speeds.steep, epoch)) +
          part(shape.small, off.level, logLeft(speeds.level, epoch))
        : Infinity,
    /** @type {(line: Line) => Line} */
    back({ slope, intercept }) {
      const turned = (slope * unit.yScale) / unit.xScale;
      return { slope: turned, intercept: unit.yShift - turned * unit.xShift + unit.yScale * intercept };
    },
  };
}

/** As the program does it, in 32 bits from the first number on. @type {(values: number[], shift: number, scale: number) => number[]} */
const rounded = (values, shift, scale) =>
  values.map((value) => Math.fround(Math.fround(value - Math.fround(shift)) / Math.fround(scale)));

/** @param {Line[]} recorded @param {number} epochs */
function recordedRun(recorded, epochs) {
  const at = (/** @type {number} */ epoch) => ({
    epoch,
    ...recorded[Math.min(epoch, recorded.length - 1)],
  });
  return { path: thinned(epochs).map(at), at, stopped: Infinity };
}
