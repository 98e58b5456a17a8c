// What happened in a run that is over, told from its losses as linreg.review tells it. Pure functions.

import { diagnose, singular } from "./diagnosis.js";
import { centred, dot, orthogonal, project, requireTable, times2 } from "./regression.js";
import { general, percent } from "./text.js";

/** @typedef {import("./diagnosis.js").Diagnosis} Diagnosis */
/** @typedef {{kind: string, words: string, sure: boolean}} Finding */
/**
 * All that a finding may rest on; losses are finite.
 * @typedef {{losses: number[], end: number, error: number, jumps: boolean, floor: number, variance: number, rounding: number, n: number, lr: number | null, reduction: string, batches: boolean, diagnosis: Diagnosis}} Run
 */

// How near a level counts as reached; what rounding in 32 bits adds to the predictions of an exact
// line, as a share of y; and changes of a loss that are its own rounding.
const [NEAR, ROUNDING, JITTER] = [0.01, 1e-6, 1e-6];

/** @param {number[]} values */
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
/** @param {number[]} values */
const highest = (values) => values.reduce((a, b) => Math.max(a, b), -Infinity);
/** @param {number[]} values */
const lowest = (values) => values.reduce((a, b) => Math.min(a, b), Infinity);
/** @param {number[]} values */
const span = (values) => highest(values) - lowest(values);
/** @param {number[]} values */
const steps = (values) => values.slice(1).map((value, i) => value - values[i]);
/** @param {number[]} values */
function variance(values) {
  const middle = mean(values);
  return mean(values.map((value) => (value - middle) ** 2));
}

/** Cut into parts of one length, the first of them longer by one where that does not come out. @param {number[]} values @param {number} count */
function split(values, count) {
  const [size, more] = [Math.floor(values.length / count), values.length % count];
  const at = (/** @type {number} */ part) => part * size + Math.min(part, more);
  return Array.from({ length: count }, (_, part) => values.slice(at(part), at(part + 1)));
}

/** @type {(kind: string, words: string, sure?: boolean) => Finding} */
const finding = (kind, words, sure = true) => ({ kind, words, sure });

/**
 * Say what happened in a run: see linreg.review.
 *
 * losses: one for each epoch, NaN and infinity allowed. columns, y: what was trained on, in the
 * units of training. The other options are those of diagnose. rSquared and bestRSquared are null
 * where all y are equal, and all levels where the first loss is no number.
 * Throws what diagnose throws, and an Error for no losses.
 * @param {number[]} losses
 * @param {Omit<import("./diagnosis.js").Options, "epochs"> & {columns: number[][], y: number[]}} options
 */
export function review(losses, { columns, y, ...options }) {
  if (losses.length === 0) throw new Error("losses is empty; give the loss of each epoch");
  requireTable(columns, y);
  if (!Number.isFinite(losses[0])) {
    const words = `nan: the first loss is ${general(losses[0], 3)}, before any step was taken`;
    const verdict = `${words}; the data are finite, so look at the start, and for numbers beyond float32`;
    const none = { floor: null, variance: null, rSquared: null, bestRSquared: null, limit: null, safeLr: null };
    return { kind: "nan", verdict, sure: true, end: losses[losses.length - 1], ...none };
  }
  const { lr = null, intercept = true, reduction = "mean", factor = 1, batchSize = null } = options;
  const diagnosis = diagnose(columns, { ...options, epochs: losses.length });
  const n = y.length;
  const size = Math.min(batchSize ?? n, n);
  const unit = factor * (reduction === "sum" ? size : 1);
  const bad = losses.findIndex((loss) => !Number.isFinite(loss));
  const finite = bad < 0 ? losses : losses.slice(0, bad);
  const jumps = jumping(finite, diagnosis.eigenvalues.length, size < n);
  const many = Math.min(Math.max(1, Math.floor(finite.length / 2)), Math.max(10, Math.floor(finite.length / 10)));
  const tail = finite.slice(jumps || size < n ? -many : -1);
  /** @type {Run} */
  const run = {
    losses: finite,
    end: mean(tail),
    error: Math.sqrt(variance(tail) / tail.length),
    jumps,
    floor: unit * floorOf(columns, y, intercept),
    variance: unit * variance(y),
    rounding: unit * ROUNDING ** 2 * mean(y.map((value) => value ** 2)),
    n,
    lr,
    reduction,
    batches: size < n,
    diagnosis,
  };
  if (bad >= 0) return report(finding("diverges", overflowed(losses, run)), run);
  for (const look of [constant, below, grows, swings, arrived, atMean, noisy]) {
    const found = look(run);
    if (found) return report(found, run);
  }
  return report(crawls(run), run);
}

/** @param {Finding} found @param {Run} run */
function report({ kind, words, sure }, { losses, end, floor, variance, diagnosis }) {
  let doubt = sure ? "" : "; the losses alone do not settle it";
  if (floor > variance) {
    // Only a model without an intercept can be so poor.
    doubt += "; without an intercept even the best is worse than the mean of y: learn one";
  }
  const level = kind === "diverges" ? losses[losses.length - 1] : end;
  return {
    kind,
    verdict: `${kind}: ${words}${doubt}`,
    sure,
    end: level,
    floor,
    variance,
    rSquared: variance > 0 ? 1 - level / variance : null,
    bestRSquared: variance > 0 ? 1 - floor / variance : null,
    limit: diagnosis.limit,
    safeLr: diagnosis.safeLr,
  };
}

/** The mean squared residual of least squares. @param {number[][]} columns @param {number[]} y @param {boolean} intercept */
function floorOf(columns, y, intercept) {
  const { units } = orthogonal(centred(columns, intercept));
  const { parts: [left], powers: [power] } = centred([y], intercept);
  project(units, left);
  project(units, left);
  return times2(Math.sqrt(dot(left, left) / y.length), -power) ** 2;
}

// Levels and how they are reached ------------------------------------------------------------

/** Whether the second half goes up and down in a way that no whole-batch descent does. @param {number[]} losses @param {number} parameters @param {boolean} batches */
function jumping(losses, parameters, batches) {
  const half = losses.slice(Math.floor(losses.length / 2));
  const least = JITTER * mean(half.map(Math.abs));
  const moves = steps(half).filter((change) => Math.abs(change) > least);
  const up = moves.filter((change) => change > 0).length;
  if (moves.length < 4 || Math.min(up, moves.length - up) / moves.length < 0.1) return false;
  return batches || !following(losses.slice(-1000), parameters);
}

/**
 * Whether each loss follows from those before it; true where there are too few to tell.
 *
 * Errors along p eigenvectors make a loss of p squares, each the sum of three powers, whatever
 * the momentum: a linear recurrence of order 3 p, and one more for a constant.
 * @param {number[]} losses @param {number} parameters
 */
function following(losses, parameters) {
  const order = 3 * parameters + 1;
  if (losses.length < 4 * order) return true;
  const middle = mean(losses);
  const all = losses.map((loss) => loss - middle);
  const count = all.length - order;
  // From the second half, since a large start would hide what comes after it.
  const first = Math.floor(count / 2);
  const most = Math.max(highest(all.slice(first).map(Math.abs)), 1e-300);
  const columns = Array.from({ length: order + 1 }, (_, place) =>
    all.slice(first + place, count + place).map((value) => value / most));
  const left = Float64Array.from(columns[order]);
  const { sizes, turned } = singular(columns.slice(0, -1));
  const units = turned.map((column, i) => column.map((value) => value / sizes[i]));
  project(units.filter((_, i) => sizes[i] > 1e-7 * sizes[order - 1]), left);
  // A recurrence with as many weights as values would fit anything.
  const free = Math.max(1, left.length - order);
  return dot(left, left) / free < 1e-2 * variance(columns[order]);
}

/** Whether the run ended at a level, to one per cent or the rounding of 32 bits. @param {Run} run @param {number} level */
const isAt = (run, level) => Math.abs(run.end - level) <= NEAR * level + run.rounding;

/**
 * How much more the loss would fall, if it went on as in its second half: three losses at equal
 * distances tell the ratio of a geometric series, and so its sum.
 * @param {number[]} losses
 */
function toCome(losses) {
  const apart = Math.max(1, Math.floor(losses.length / 4));
  if (losses.length < 3) return Infinity;
  const [early, middle, late] = [1 + 2 * apart, 1 + apart, 1].map((back) => losses[losses.length - back]);
  const [fallen, falling] = [early - middle, middle - late];
  if (Math.abs(falling) <= JITTER * Math.abs(late)) return 0;
  return fallen > falling && falling > 0 ? falling ** 2 / (fallen - falling) : Infinity;
}

/** Whether the losses have hardly any further to fall. @param {Run} run */
function settled({ losses, end, error, jumps, diagnosis }) {
  if (jumps) {
    const [before, after] = split(losses.slice(Math.floor(losses.length / 2)), 2);
    return Math.abs(mean(before) - mean(after)) <= 4 * error;
  }
  const last = losses.slice(-Math.max(3, Math.floor(losses.length / 4)));
  if (last.length < 3) return false;
  // Momentum comes to rest in waves, of which no series tells the sum.
  const still = diagnosis.momentum ? NEAR : JITTER;
  return toCome(losses) <= NEAR * end || span(last) <= still * end;
}

/** Whether the loss falls far less than the settings make it fall, or null if unknown. @param {Run} run */
function standsStill({ losses, end, floor, lr, jumps, diagnosis }) {
  if (lr === null || lr > diagnosis.limit || jumps) return null;
  const apart = Math.max(1, Math.floor(losses.length / 4));
  if (losses.length <= apart) return null;
  const [before, left] = [losses[losses.length - 1 - apart] - floor, end - floor];
  const awaited = -Math.expm1(2 * apart * Math.log1p(-Math.min(diagnosis.progress, 0.999)));
  // Below this, the 32 bits of a loss show no fall.
  if (awaited * left < 100 * JITTER * end) return null;
  return before - left < 0.1 * awaited * before;
}

/** Whether losses that jump came down from where they began. @param {Run} run */
function fell({ losses, end, error }) {
  const first = losses.slice(0, Math.max(1, Math.floor(losses.length / 10)));
  return mean(first) - end > 4 * error + JITTER * end;
}

// Findings, in the order in which they are looked for ------------------------------------------

/** @typedef {(run: Run) => Finding | undefined} Look */

/** @type {Look} */
function constant(run) {
  const { losses, batches, floor } = run;
  // The order of dealing changes how a mean over batches is rounded.
  const rounding = batches ? 10 * JITTER * Math.abs(losses[0]) : 0;
  if (losses.length < 2 || span(losses) > rounding || isAt(run, floor)) return undefined;
  return finding(
    "constant",
    `the loss is ${general(losses[0], 4)} in every epoch, so nothing moves the model that it is ` +
      "computed from; look whether the optimiser holds that model's parameters, whether " +
      "optimizer.step() and loss.backward() run, and whether the loss is computed anew",
  );
}

/** @type {Look} */
function below(run) {
  const { losses, end, error, jumps, batches, floor, n } = run;
  const least = jumps || batches ? end + 4 * error : lowest(losses);
  if (least >= (1 - NEAR) * floor - run.rounding) return undefined;
  const words = `the loss came to ${general(end, 4)}, and no line or plane has less than ${general(floor, 4)}`;
  const ways = { "half the loss": 2, "the mean in place of the sum": n, "half the mean": 2 * n };
  for (const [way, factor] of Object.entries(ways)) {
    if (floor && isAt(run, floor / factor)) {
      return finding("below the floor", `${words}; it is at the floor of ${way}`, false);
    }
  }
  const advice = "training had other x or y, mapped units, another loss, or another model";
  const few = batches && losses.length < 100;
  return finding("below the floor", `${words}: ${advice}; review what was trained on`, !few);
}

/** @param {Run} run */
function limits({ lr, diagnosis }) {
  const safe = general(diagnosis.safeLr, 3);
  if (lr === null) return `for this x, lr must stay below ${safe}`;
  if (lr > diagnosis.safeLr) return `lr=${general(lr, 6)}, and for this x it must stay below ${safe}`;
  return (
    `though lr=${general(lr, 6)} is below ${safe}, which this x tolerates: the ` +
    "loss or the optimiser is not the one given (a sum, another momentum, gradients not reset)"
  );
}

/** @param {number[]} history @param {Run} run */
function overflowed(history, run) {
  const bad = run.losses.length;
  return (
    `the loss is ${general(history[bad], 3)} from epoch ${bad} on, and it began at ` +
    `${general(history[0], 3)}; ${limits(run)}; use a smaller lr, or standardise x`
  );
}

/** @type {Look} */
function grows(run) {
  const { losses, lr, diagnosis } = run;
  const [first, last] = [losses[0], losses[losses.length - 1]];
  const words =
    `the loss went from ${general(first, 3)} to ${general(last, 3)} and grows; ` +
    `${limits(run)}; use a smaller lr, or standardise x`;
  if (losses.length < 3) {
    const grown = losses.length === 2 && last > first * (1 + JITTER);
    return grown ? finding("diverges", words, lr !== null) : undefined;
  }
  const [early, middle, late] = split(losses, 3);
  const before = Math.max(highest(early), highest(middle) / 3);
  if (highest(late) > 3 * before && mean(late) > 3 * mean(early)) return finding("diverges", words);
  if (run.jumps || run.batches) return undefined;
  const changes = steps(late);
  const rising = changes.length > 0 && changes.every((change) => change > 0);
  if (lr !== null && lr > diagnosis.limit) {
    // Just above the limit, a short run falls across the valley first, and then rises slowly.
    return rising && last > (1 + NEAR) * lowest(losses) ? finding("diverges", words) : undefined;
  }
  const faster = changes.length > 2 && steps(changes).every((change) => change > 0);
  return rising && faster && last > 1.05 * lowest(losses) ? finding("diverges", words, false) : undefined;
}

/** @type {Look} */
function swings(run) {
  const { losses, floor, rounding, end } = run;
  const { momentum } = run.diagnosis;
  if (run.jumps || run.batches || losses.length < 6) return undefined;
  const last = losses.slice(-Math.max(3, Math.floor(losses.length / 10)));
  // Adam may swing on its way, and momentum does: what rests at the floor has arrived.
  if (highest(last.map((loss) => Math.abs(loss - floor))) <= NEAR * floor + rounding) return undefined;
  const cause =
    "gradients that are not reset do so: call optimizer.zero_grad() before each loss.backward()";
  let [least, rise] = [Infinity, 0];
  for (const loss of losses) {
    least = Math.min(least, loss);
    rise = Math.max(rise, loss - least);
  }
  if (rise > 0.05 * span(losses) && rise > NEAR * end) {
    const parts = split(losses, 3);
    const kept = span(parts[2]) / span(parts[0]);
    const times = waves(losses);
    const words = `the loss rises and falls ${times} times and keeps ${percent(kept)} of its height`;
    const expected = momentum ** ((losses.length * 2) / 3);
    if (times >= 2 && kept > Math.max(0.5, (1 + expected) / 2)) return finding("swings", `${words}; ${cause}`);
    // Plain descent below the limit never rises; what fades may be Adam, or momentum.
    return momentum || kept < 0.2 ? undefined : finding("swings", `${words}; ${cause}`, false);
  }
  const changes = steps(losses);
  // A sum of decaying powers falls ever slower.
  const faster = lowest(steps(changes)) < -0.02 * highest(changes.map(Math.abs));
  if (momentum !== 0 || span(losses) <= NEAR * end || !faster) return undefined;
  return finding("swings", `the loss begins slowly and falls faster; ${cause}`, false);
}

/** How often the loss rises by a tenth of its range after having fallen as much. @param {number[]} losses */
function waves(losses) {
  const step = 0.1 * span(losses);
  let [count, low, high, falling] = [0, losses[0], losses[0], true];
  for (const loss of losses) {
    if (falling) low = Math.min(low, loss);
    else high = Math.max(high, loss);
    if (falling && loss > low + step) [count, falling, high] = [count + 1, false, loss];
    else if (!falling && loss < high - step) [falling, low] = [true, loss];
  }
  return count;
}

/** @type {Look} */
function arrived(run) {
  const { end, floor, variance, error, jumps, n, lr, reduction, diagnosis } = run;
  const best = variance ? 1 - floor / variance : NaN;
  if (isAt(run, floor)) {
    const good = `the best itself has R² = ${general(best, 4)}, and no training beats it`;
    const advice = best > 0.5 ? "" : ": for less loss, look for other columns or another model";
    const words = `the loss ended at ${general(end, 4)}, and the floor is ${general(floor, 4)}; ${good}${advice}`;
    return finding("arrived", words, !jumps || error <= NEAR * floor);
  }
  const slow = lr !== null && diagnosis.verdict.startsWith("crawls");
  if (!settled(run) || slow || floor <= run.rounding || jumps || n <= 3 || reduction !== "mean") return undefined;
  for (const [way, factor] of Object.entries({ "the sum": n, "half the sum": n / 2 })) {
    if (isAt(run, factor * floor)) {
      return finding("arrived", `the loss ${general(end, 4)} is ${way} of squares at its floor`, false);
    }
  }
  return undefined;
}

/** @type {Look} */
function atMean(run) {
  const { end, error, floor, variance, n, batches, jumps } = run;
  const low = variance * (batches ? 1 - 1 / Math.max(2, n) : 1);
  const near = low * (1 - NEAR) - 3 * error <= end && end <= variance * (1 + NEAR) + 3 * error;
  // A best line that explains nothing is the mean itself.
  if (!(near && settled(run) && floor < (1 - 3 * NEAR) * variance)) return undefined;
  if (jumps && error > NEAR * variance) return undefined;
  const still = standsStill(run);
  if (still === false) return undefined;
  return finding(
    "mean",
    `the loss settled at ${general(end, 4)}, the variance of y, so every prediction is the mean; ` +
      "predictions of shape (n, 1) were compared with y of shape (n,), or the slope is frozen: " +
      "give both one shape, predictions.shape == y.shape",
    still === true || run.diagnosis.verdict.startsWith("converges"),
  );
}

/** @type {Look} */
function noisy(run) {
  const { lr, end, floor, error, jumps, batches, diagnosis } = run;
  const told = lr !== null;
  const awaited = told && diagnosis.verdict.startsWith("converges");
  if (!(jumps && settled(run)) && !(batches && awaited)) return undefined;
  if (!awaited && !fell(run) && (told || end > 1.1 * floor)) return undefined;
  return finding(
    "noisy",
    `the losses jump about ${general(end, 4)}, and the floor is ${general(floor, 4)}: each batch pulls ` +
      "its own way; lower lr towards the end, take larger batches, or take the mean of the loss " +
      "over all points",
    jumps && (batches || error < 0.1 * end),
  );
}

/** @param {Run} run */
function crawls(run) {
  const { losses, end, floor, jumps, batches } = run;
  const times = floor > run.rounding ? `, ${general(end / floor, 3)} times the floor` : "";
  const never = jumps && !fell(run) ? "; the losses jump, and never came down from where they began" : "";
  const words = `the loss ended at ${general(end, 4)}${times}, and the floor is ${general(floor, 4)}${never}`;
  if (run.lr === null) {
    const sure = losses.length > (batches ? 30 : 3) && (fell(run) || !batches);
    return finding("crawls", `${words}; give lr= to learn more, or standardise x`, sure);
  }
  const { verdict } = run.diagnosis;
  const told = `${words}; with these settings, training ${verdict}`;
  if (verdict.startsWith("crawls")) return finding("crawls", told);
  const other = "so the program does something other than what was given (another optimiser, ";
  return finding("crawls", `${told}, ${other}a smaller lr, a frozen parameter, or another loss)`, false);
}
