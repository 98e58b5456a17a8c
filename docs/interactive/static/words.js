// What a run comes to, in the words of linreg's Diagnosis, and what 32-bit numbers add to it.

import { bestLr, epochsTo, logLeft, paces, stableLr } from "./math.js";
import { epochsInWords, exactly, fixed, general, roundedDown } from "./text.js";

/** @typedef {import("./math.js").Shape} Shape */
/** @typedef {{lr: number, momentum: number, epochs: number}} Settings */
/** @typedef {import("./run.js").Run} Run */

// Shares of the limit at which an advised rate lies, the safest first.
const INSIDE = [0.9, 0.99];

// The loss that needs no naming.
const PLAIN = "the mean of squares";

/**
 * What x alone decides of a training: the ends of the Hessian's eigenvalues, and the parameters
 * along them. steepest: what no eigenvalue of any batch exceeds. steps: batches in an epoch.
 * standardised: the ends that standardised columns would have. repeated: the parameters that can
 * be computed from each other. loss: what is assumed, in words.
 * @typedef {import("./math.js").Ends} Ends
 * @typedef {Ends & {slow: string, steep: string, steepest: number, steps: number, standardised: Ends, repeated: string[], loss: string}} Curvature
 */

/** That of one column and an intercept, for the mean of squares. @param {Shape} shape @returns {Curvature} */
export function ofLine({ small, large, cosine, sine }) {
  const [eigenvalues, vectors] = [[small, large], [[-sine, cosine], [cosine, sine]]];
  const name = (/** @type {number} */ place) => along(eigenvalues, vectors, ["slope", "intercept"], 0, place);
  const standardised = { small: 2, large: 2 };
  return { small, large, slow: name(0), steep: name(1), steepest: large, steps: 1, standardised, repeated: [], loss: PLAIN };
}

/** Name the parameters along the eigenvector at `place`, or along those as steep. @type {(eigenvalues: number[], vectors: number[][], names: string[], lost: number, place: number) => string} */
export function along(eigenvalues, vectors, names, lost, place) {
  const size = eigenvalues[place];
  const near = vectors.filter((_, i) => i >= lost && Math.abs(eigenvalues[i] - size) <= 0.1 * size);
  return listed(names.filter((_, j) => near.reduce((share, vector) => share + vector[j] ** 2, 0) >= 0.1));
}

/** The names as a list in words, and of more than three only the first two. @param {string[]} names */
export function listed(names) {
  const said = names.length > 3 ? [...names.slice(0, 2), `${names.length - 2} others`] : names;
  return [said.slice(0, -1).join(", "), ...said.slice(-1)].filter(Boolean).join(" and ");
}

/** The learning rates that are stable, safe for any dealing of batches, and best. @param {Curvature} curvature @param {number} momentum */
export function ratesOf(curvature, momentum) {
  const limit = stableLr(curvature, momentum);
  const safe = Math.min((2 * (1 + momentum)) / curvature.steepest, limit);
  return { limit, safe, best: Math.min(bestLr(curvature, momentum), safe) };
}

/** @param {Ends} ends @param {number} lr @param {number} momentum @param {number} tolerance */
function stepsNeeded(ends, lr, momentum, tolerance) {
  const { level, steep } = paces(ends, lr, momentum);
  return { level: epochsTo(level, tolerance), steep: epochsTo(steep, tolerance) };
}

/**
 * Say how gradient descent will go in exact arithmetic, as linreg's `diagnose(...).verdict` does.
 * @param {Curvature} curvature @param {Settings} settings @param {number} tolerance
 */
export function verdict(curvature, settings, tolerance) {
  const { repeated, loss } = curvature;
  const happens = happening(curvature, settings, tolerance);
  const said =
    repeated.length && settings.lr <= stableLr(curvature, settings.momentum)
      ? `repeats: ${listed(repeated)} can be computed from each other, so many planes fit equally well, ` +
        `and the start decides which is found; drop one of them; apart from that, training ${happens}`
      : happens;
  return loss === PLAIN ? said : `${said} (for ${loss})`;
}

/** @param {Curvature} curvature @param {Settings} settings @param {number} tolerance */
function happening(curvature, settings, tolerance) {
  const { lr, momentum, epochs } = settings;
  const { limit, safe } = ratesOf(curvature, momentum);
  const { level, steep } = paces(curvature, lr, momentum);
  const smaller = "use a smaller lr, or standardise x";
  if (lr > limit) return `diverges: lr=${exactly(lr)} is above ${below(lr, limit)}; ${smaller}`;
  if (steep.progress <= 0) {
    return `never settles: lr=${exactly(lr)} is the stable limit itself; ${smaller}`;
  }
  const advised = () => advice(curvature, settings, tolerance);
  if (lr > safe) {
    const above = `lr=${exactly(lr)} is above ${below(lr, safe)}`;
    return `may diverge: ${above}, from where on steep batches can throw it off; ${advised()}`;
  }
  const needed = stepsNeeded(curvature, lr, momentum, tolerance);
  const most = Math.max(needed.level, needed.steep);
  if (most <= epochs * curvature.steps) {
    const dealt = curvature.steps > 1 ? ", and then wavers as batches differ" : "";
    const after = `${momentum ? "within" : "in"} ${count(Math.ceil(most / curvature.steps))}`;
    return `converges ${after}, to ${tolerance} of the error at the start${dealt}`;
  }
  const [pace, name] = needed.steep > needed.level ? [steep, curvature.steep] : [level, curvature.slow];
  const log = logLeft(pace, epochs * curvature.steps);
  const bounded = `${momentum ? "up to " : ""}${general(100 * Math.exp(log), 4)} %`;
  const left = log > -1e-4 && log <= 0 ? "more than 99.99 %" : bounded;
  const error = name === "slope" || name === "intercept" ? `the ${name}'s error` : `the error in ${name}`;
  return `crawls: ${left} of ${error} is left after ${count(epochs)}; ${advised()}`;
}

const count = (/** @type {number} */ epochs) => `${epochs} epoch${epochs === 1 ? "" : "s"}`;

/** Write a limit rounded down, so that it is less than the rate above it. @param {number} lr @param {number} limit */
function below(lr, limit) {
  let digits = 3;
  while (digits < 17 && roundedDown(limit, digits) >= lr) digits++;
  return general(roundedDown(limit, digits), digits);
}

/** @type {(curvature: Curvature, settings: Settings, tolerance: number) => string} */
function advice(curvature, { lr, momentum, epochs }, tolerance) {
  const { safe, best } = ratesOf(curvature, momentum);
  const arrives = (/** @type {Ends} */ ends, /** @type {number} */ lr) => {
    const { level, steep } = stepsNeeded(ends, lr, momentum, tolerance);
    return Math.max(level, steep) <= epochs * curvature.steps;
  };
  // Not at the brink, rounded down, and tried.
  const rates = INSIDE.map((share) => roundedDown(Math.min(best, share * safe), 3));
  const advised = rates.find((lr) => arrives(curvature, lr));
  if (advised) return `use lr=${general(advised, 3)}`;
  const { standardised } = curvature;
  if (arrives(standardised, bestLr(standardised, momentum))) return "standardise x";
  if (momentum) return "use less momentum, or more epochs";
  if (lr > safe) return `use lr=${general(roundedDown(INSIDE[0] * safe, 3), 3)} and more epochs`;
  return "standardise x and take more epochs, or solve for the best in one step";
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
  const said = verdict(ofLine(run.shape), settings, tolerance);
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
