// What a run comes to, in the words of linreg's Diagnosis, and what 32-bit numbers add to it.

import { bestLr, epochsTo, logLeft, paces, stableLr } from "./math.js";
import { epochsInWords, fixed, general, roundedDown } from "./text.js";

/** @typedef {import("./math.js").Shape} Shape */
/** @typedef {{lr: number, momentum: number, epochs: number}} Settings */
/** @typedef {import("./run.js").Run} Run */

// Shares of the limit at which an advised rate lies, the safest first.
const INSIDE = [0.9, 0.99];

/** @param {Shape} shape @param {number} lr @param {number} momentum @param {number} tolerance */
function epochsNeeded(shape, lr, momentum, tolerance) {
  const { level, steep } = paces(shape, lr, momentum);
  return { level: epochsTo(level, tolerance), steep: epochsTo(steep, tolerance) };
}

/** @param {Shape} shape @param {Settings} settings @param {number} tolerance */
function converges(shape, { lr, momentum, epochs }, tolerance) {
  const { level, steep } = epochsNeeded(shape, lr, momentum, tolerance);
  return Math.max(level, steep) <= epochs;
}

/**
 * Say how gradient descent will go in exact arithmetic, as linreg's `diagnose(...).verdict` does.
 * @param {Shape} shape @param {Settings} settings @param {number} tolerance
 */
export function verdict(shape, { lr, momentum, epochs }, tolerance) {
  const limit = stableLr(shape, momentum);
  const { level, steep } = paces(shape, lr, momentum);
  const smaller = "use a smaller lr, or standardise x";
  if (lr > limit) return `diverges: lr=${exactly(lr)} is above ${below(lr, limit)}; ${smaller}`;
  if (steep.progress <= 0) {
    return `never settles: lr=${exactly(lr)} is the stable limit itself; ${smaller}`;
  }
  const needed = epochsNeeded(shape, lr, momentum, tolerance);
  const most = Math.max(needed.level, needed.steep);
  if (most <= epochs) {
    return `converges ${momentum ? "within" : "in"} ${count(most)}, to ${tolerance} of the error at the start`;
  }
  const slower = needed.steep > needed.level ? "steep" : "level";
  const pace = slower === "steep" ? steep : level;
  const log = logLeft(pace, epochs);
  const bounded = `${momentum ? "up to " : ""}${general(100 * Math.exp(log), 4)} %`;
  const left = log > -1e-4 && log <= 0 ? "more than 99.99 %" : bounded;
  const said = `crawls: ${left} of ${errorAlong(shape, slower)} is left after ${count(epochs)}`;
  return `${said}; ${advice(shape, momentum, epochs, tolerance)}`;
}

const count = (/** @type {number} */ epochs) => `${epochs} epoch${epochs === 1 ? "" : "s"}`;

/** Name the error along an eigenvector by the parameters that have a part in it. @type {(shape: Shape, along: "level" | "steep") => string} */
function errorAlong({ small, large, cosine, sine }, along) {
  // Where both directions are about as steep, any between them is, too.
  const either = large - small <= 0.1 * (along === "level" ? small : large);
  const slope = along === "level" ? sine ** 2 : cosine ** 2;
  if (!either && slope < 0.1) return "the intercept's error";
  if (!either && slope > 0.9) return "the slope's error";
  return "the error in slope and intercept";
}

/** Write a rate with all its digits. @param {number} value */
function exactly(value) {
  let digits = 6;
  while (Number(value.toPrecision(digits)) !== value) digits++;
  return general(value, digits);
}

/** Write a limit rounded down, so that it is less than the rate above it. @param {number} lr @param {number} limit */
function below(lr, limit) {
  let digits = 3;
  while (roundedDown(limit, digits) >= lr) digits++;
  return general(roundedDown(limit, digits), digits);
}

/** @type {(shape: Shape, momentum: number, epochs: number, tolerance: number) => string} */
function advice(shape, momentum, epochs, tolerance) {
  const [best, limit] = [bestLr(shape, momentum), stableLr(shape, momentum)];
  // Not at the brink, rounded down, and tried.
  const rates = INSIDE.map((share) => roundedDown(Math.min(best, share * limit), 3));
  const lr = rates.find((lr) => converges(shape, { lr, momentum, epochs }, tolerance));
  if (lr) return `use lr=${general(lr, 3)}`;
  const round = { ...shape, small: 1, large: 1 };
  if (converges(round, { lr: 1 + momentum, momentum, epochs }, tolerance)) return "standardise x";
  return "use less momentum, or more epochs";
}

/** The best and the largest stable rate, rounded down, with digits enough to tell them apart. @param {Shape} shape @param {number} momentum */
export function limitsInWords(shape, momentum) {
  const rates = [bestLr(shape, momentum), stableLr(shape, momentum)];
  for (let digits = 3; ; digits++) {
    const [best, limit] = rates.map((rate) => general(roundedDown(rate, digits), digits));
    if (best !== limit || digits > 15) return { best, limit };
  }
}

/**
 * Say what a run comes to: foretold where the curvatures do, or else what is seen.
 * @param {Run} run @param {Settings} settings @param {number} tolerance
 */
export function judge(run, settings, tolerance) {
  if (!run.speeds) return seen(run, settings.epochs, tolerance);
  const said = verdict(run.shape, settings, tolerance);
  return `${said[0].toUpperCase()}${said.slice(1)}.${rounding(run, settings, tolerance)}`;
}

/** Say where 32-bit numbers stop short of what exact ones would do. @type {(run: Run, settings: Settings, tolerance: number) => string} */
function rounding({ shape, path, left, stopped }, { lr, momentum, epochs }, tolerance) {
  const share = left(path[path.length - 1]);
  const foretold = Math.exp(logLeft(paces(shape, lr, momentum).level, epochs));
  if (!(share > tolerance && share > 1.5 * foretold && share < 1)) return "";
  const short = `${general(100 * share, 2)} % short`;
  return stopped < epochs
    ? ` 32-bit numbers stop it at epoch ${fixed(stopped, 0)}, ${short}.`
    : ` 32-bit numbers leave it ${short}.`;
}

/** @type {(run: Run, epochs: number, tolerance: number) => string} */
function seen({ path, lowest, loss }, epochs, tolerance) {
  const above = path.map((place) => loss(place) - lowest);
  const left = above.map((height) => height / above[0]);
  const last = left[left.length - 1];
  if (!(last < 1)) return "Diverges: the steps lead away from the best line.";
  const arrived = left.findLastIndex((share) => share > tolerance) + 1;
  if (arrived < path.length) {
    const { epoch } = path[arrived];
    const after = `${epoch === 1 ? "" : "about "}${epochsInWords(epoch)}`;
    return `Converges: after ${after}, less than a ten-thousandth of the way down is left.`;
  }
  return `Crawls: after ${epochsInWords(epochs)} ${fixed(100 * last, 1)} % of the way down to the lowest loss is left.`;
}
