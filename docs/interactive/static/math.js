// The mathematics of the figures: pure functions, the same as linreg's, against which they are tested.

/** @typedef {{slope: number, intercept: number}} Line */
/** @typedef {ReturnType<typeof leastSquares>} Fit */
/** @typedef {ReturnType<typeof valley>} Shape */
/** @typedef {{small: number, large: number}} Ends */
/** @typedef {{progress: number, push: number, top: number}} Pace */

/** @param {number[]} values */
const total = (values) => values.reduce((sum, value) => sum + value, 0);
/** @param {number[]} a @param {number[]} b */
const dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);

// Line and scatter ---------------------------------------------------------------------------

/** The best line through the points, as linreg.least_squares finds it: from their middle. @param {number[]} x @param {number[]} y */
export function leastSquares(x, y) {
  const n = x.length;
  // Distances from a point of the data cancel nothing, and are exact zeros where all are equal.
  const dx = x.map((value) => value - x[0]);
  const dy = y.map((value) => value - y[0]);
  const [xShift, yShift] = [total(dx) / n, total(dy) / n];
  const u = dx.map((value) => value - xShift);
  const sxx = dot(u, u);
  const first = dot(u, dy.map((value) => value - yShift)) / sxx;
  // Residuals that still follow x show the rounding of the slope.
  const left = u.map((value, i) => dy[i] - yShift - first * value);
  const slope = first + dot(u, left) / sxx;
  const residuals = u.map((value, i) => dy[i] - yShift - slope * value);
  const rss = dot(residuals, residuals);
  const [xMean, yMean] = [x[0] + xShift, y[0] + yShift];
  const explained = slope * slope * sxx;
  const residualStderr = Math.sqrt(rss / (n - 2));
  const slopeStderr = residualStderr / Math.sqrt(sxx);
  return {
    n,
    slope,
    intercept: yMean - slope * xMean,
    rSquared: explained / (explained + rss),
    residualStderr,
    slopeStderr,
    interceptStderr: Math.hypot(residualStderr / Math.sqrt(n), slopeStderr * xMean),
    xMean,
    yMean,
    sxx,
  };
}

/** @param {Line} line @param {number} x */
export const predict = (line, x) => line.slope * x + line.intercept;

/** @param {Line} line @param {number[]} x @param {number[]} y */
export const meanSquaredError = (line, x, y) =>
  total(x.map((value, i) => (y[i] - predict(line, value)) ** 2)) / x.length;

/** R²: 1 for a perfect line, 0 for the mean of y, less than 0 for worse. @param {Line} line @param {number[]} x @param {number[]} y */
export function score(line, x, y) {
  const mean = { slope: 0, intercept: y[0] + total(y.map((value) => value - y[0])) / y.length };
  return 1 - meanSquaredError(line, x, y) / meanSquaredError(mean, x, y);
}

/** The pull of a point at x on the line there. @param {Fit} fit @param {number} x */
export const leverage = (fit, x) => 1 / fit.n + (x - fit.xMean) ** 2 / fit.sxx;

/** Half the width of the interval at x: of the mean where own is 0, of one new point where 1. @type {(fit: Fit, x: number, t: number, own: number) => number} */
export const halfWidth = (fit, x, t, own) =>
  t * fit.residualStderr * Math.sqrt(own + leverage(fit, x));

/**
 * A line whose mean absolute residual is least. One of the best passes through two points, so all
 * pairs are tried; of lines that are equally good, to a billionth of y's unit, the first.
 * @param {number[]} x not all equal @param {number[]} y @returns {Line}
 */
export function leastAbsolute(x, y) {
  let [least, slope, intercept] = [Infinity, NaN, NaN];
  for (let i = 0; i < x.length; i++) {
    for (let j = i + 1; j < x.length; j++) {
      if (x[i] === x[j]) continue;
      const rise = (y[j] - y[i]) / (x[j] - x[i]);
      const off = total(x.map((at, k) => Math.abs(y[k] - y[i] - rise * (at - x[i])))) / x.length;
      if (off < least - 1e-9) [least, slope, intercept] = [off, rise, y[i] - rise * x[i]];
    }
  }
  return { slope, intercept };
}

/**
 * The line whose Huber loss is least: square up to `delta` from it, absolute beyond.
 * Where the points beyond are known, the line is the solution of two equations. It is the best if
 * it leaves the same points beyond. If not, Newton's step shows the way to a better one, with a
 * little curvature for the points beyond, so that there always is one, and then weights that shrink
 * beyond delta; each way is gone as far as the loss falls.
 * unique: whether it is known to be the only one; else others may be as good.
 * @type {(x: number[], y: number[], delta: number) => Line & {unique: boolean}}
 */
export function huber(x, y, delta) {
  const { xMean, yMean, slope: first } = leastSquares(x, y);
  const u = x.map((value) => value - xMean);
  const v = y.map((value) => value - yMean);
  const tiny = 1e-9 * delta;
  const residuals = (/** @type {Line} */ { slope, intercept }) => u.map((at, i) => v[i] - intercept - slope * at);
  const found = (/** @type {Line} */ { slope, intercept }, /** @type {boolean} */ unique) =>
    ({ slope, intercept: yMean + intercept - slope * xMean, unique });
  const newton = (/** @type {number} */ r) => (Math.abs(r) > delta ? 1e-6 : 1);
  const shrink = (/** @type {number} */ r) => delta / Math.max(Math.abs(r), delta);
  const clip = (/** @type {number} */ r) => Math.max(-delta, Math.min(delta, r));
  /** The lowest place on the way from a line, by a step of whatever length. @param {Line} from @param {Line} step */
  const lowest = (from, step) => {
    const at = (/** @type {number} */ share) =>
      ({ slope: from.slope + share * step.slope, intercept: from.intercept + share * step.intercept });
    const falls = (/** @type {number} */ share) =>
      dot(residuals(at(share)).map(clip), u.map((value) => predict(step, value))) > 0;
    let [near, far] = [0, 1];
    while (falls(far) && far < 1e9) [near, far] = [far, 2 * far];
    for (let i = 0; i < 60; i++) {
      const middle = (near + far) / 2;
      if (falls(middle)) near = middle;
      else far = middle;
    }
    return at(far);
  };
  // From the middle of the data.
  let line = { slope: first, intercept: 0 };
  for (let round = 0; round < 100; round++) {
    const away = residuals(line);
    const beyond = away.map((r) => (Math.abs(r) > delta ? Math.sign(r) : 0));
    const exact = weighted(u, beyond.map((side) => Number(!side)), v.map((value, i) => (beyond[i] ? beyond[i] * delta : value)));
    const kept = exact && residuals(exact).every((r, i) =>
      beyond[i] ? r * beyond[i] >= delta - tiny : Math.abs(r) <= delta + tiny);
    if (kept) return found(exact, true);
    for (const weigh of [newton, shrink]) {
      const left = residuals(line);
      const step = weighted(u, left.map(weigh), left.map(clip));
      if (step) line = lowest(line, step);
    }
  }
  return found(line, false);
}

/** The line with Σ w (intercept + slope u) = Σ p and Σ w u (intercept + slope u) = Σ u p, if there is one. @param {number[]} u @param {number[]} w @param {number[]} p */
function weighted(u, w, p) {
  const sum = total(w);
  const middle = dot(w, u) / sum;
  const around = u.map((at) => at - middle);
  const square = dot(w, around.map((at) => at * at));
  if (!(square > 1e-12 * dot(u, u))) return undefined;
  const slope = dot(around, p) / square;
  return { slope, intercept: total(p) / sum - slope * middle };
}

// The valley ---------------------------------------------------------------------------------

/**
 * The shape of the loss over all lines: eigenvalues and eigenvectors of
 * H = 2 [[mean of x², mean of x], [mean of x, 1]]. The steep eigenvector is (cosine, sine) in
 * (slope, intercept), the other one (-sine, cosine).
 * @param {number[]} x
 */
export function valley(x) {
  const n = x.length;
  const mean = x[0] + total(x.map((value) => value - x[0])) / n;
  const variance = total(x.map((value) => (value - mean) ** 2)) / n;
  const square = variance + mean * mean;
  const large = square + 1 + Math.hypot(square - 1, 2 * mean);
  // From the determinant, since the difference would cancel where x is far from 0.
  const small = Math.min((4 * variance) / large, large);
  const half = (square - 1) / 2;
  const radius = Math.hypot(half, mean);
  // Of two formulas, the one that adds and does not cancel.
  const [a, b] = half >= 0 ? [half + radius, mean] : [mean, radius - half];
  const length = Math.hypot(a, b);
  const [cosine, sine] = length ? [a / length, b / length] : [1, 0];
  return { mean, variance, small, large, cosine, sine, condition: large / small };
}

/** The learning rate below which training converges. @param {Ends} ends @param {number} momentum */
export const stableLr = (ends, momentum) => (2 * (1 + momentum)) / ends.large;

/** The constant learning rate that is fastest at this momentum. @param {Ends} ends @param {number} momentum */
export const bestLr = (ends, momentum) => (2 * (1 + momentum)) / (ends.small + ends.large);

/** Slopes and intercepts, relative to the best line, of the contour this far above its loss. @type {(shape: Shape, above: number, count: number) => Line[]} */
export function contour(shape, above, count) {
  const steep = Math.sqrt((2 * above) / shape.large);
  const level = Math.sqrt((2 * above) / shape.small);
  return Array.from({ length: count }, (_, i) => {
    const angle = (2 * Math.PI * i) / count;
    return fromEigen(shape, steep * Math.cos(angle), level * Math.sin(angle));
  });
}

/** @type {(shape: Shape, steep: number, level: number) => Line} */
const fromEigen = ({ cosine, sine }, steep, level) => ({
  slope: cosine * steep - sine * level,
  intercept: sine * steep + cosine * level,
});

/** How far a line is from the best, along the steep and the level eigenvector. @type {(shape: Shape, best: Line, line: Line) => {steep: number, level: number}} */
export function toEigen({ cosine, sine }, best, line) {
  const [slope, intercept] = [line.slope - best.slope, line.intercept - best.intercept];
  return { steep: cosine * slope + sine * intercept, level: cosine * intercept - sine * slope };
}

// The descent --------------------------------------------------------------------------------

/**
 * Where gradient descent without momentum is after each of the epochs, in exact arithmetic.
 * best: the least-squares line. lowest: its loss. start: the line before the first epoch.
 * @type {(shape: Shape, best: Line, lowest: number, start: Line, lr: number, epochs: number[]) => (Line & {epoch: number, loss: number})[]}
 */
export function descentPath(shape, best, lowest, start, lr, epochs) {
  const { small, large } = shape;
  const off = toEigen(shape, best, start);
  // No error stays none, where 0 times an overflow would be NaN.
  const left = (/** @type {number} */ error, /** @type {number} */ eigenvalue, /** @type {number} */ epoch) =>
    error && error * (1 - lr * eigenvalue) ** epoch;
  return epochs.map((epoch) => {
    const [steep, level] = [left(off.steep, large, epoch), left(off.level, small, epoch)];
    const away = fromEigen(shape, steep, level);
    return {
      epoch,
      slope: best.slope + away.slope,
      intercept: best.intercept + away.intercept,
      loss: lowest + (large * steep ** 2 + small * level ** 2) / 2,
    };
  });
}

/** How fast the errors along the level and the steep eigenvector shrink: see linreg.convergence. @type {(ends: Ends, lr: number, momentum: number) => {level: Pace, steep: Pace}} */
export function paces({ small, large }, lr, momentum) {
  const limit = 2 * (1 + momentum);
  // How far lr times eigenvalue is from 0 and from the limit; the nearer end sets the pace.
  let level = [lr * small, limit - lr * small];
  let steep = [lr * large, limit - lr * large];
  if (lr === limit / (small + large)) {
    // The best lr makes the two mirrored, which its rounding hides where the valley is long.
    const step = limit / (1 + large / small);
    level = [step, limit - step];
    steep = [limit - step, step];
  } else if (lr >= limit / large) {
    steep[1] = Math.min(steep[1], 0);
  }
  return { level: pace(level, momentum), steep: pace(steep, momentum) };
}

/** A bound for the error: after k epochs at most (1 - progress)^k min(1 + k push, top). @param {number[]} distances @param {number} momentum @returns {Pace} */
function pace([fromZero, fromLimit], momentum) {
  const [step, swings] = [Math.min(fromZero, fromLimit), fromLimit < fromZero];
  const root = Math.sqrt(momentum);
  const settled = (1 - momentum) / (1 + root);
  const spread = Math.sqrt(Math.abs((settled ** 2 - step) * ((1 + root) ** 2 - step)));
  if (step < settled ** 2) {
    const progress =
      step > -1 ? (2 * step) / (1 - momentum + step + spread) : (1 - momentum + step - spread) / 2;
    const first = 1 - progress;
    const second = momentum / first;
    const push = second * (swings ? 1 + first : progress);
    return { progress, push: push / first, top: 1 + push / spread };
  }
  if (root === 0) return { progress: 1, push: 0, top: 1 };
  // A complex pair of roots: the error turns round 0 by an angle with this sine.
  const sine = spread / (2 * root);
  const push = Math.abs((swings ? 1 + 3 * momentum : 1 - momentum) - step) / (2 * root);
  return { progress: settled, push, top: sine ? Math.hypot(1, push / sine) : Infinity };
}

/** The logarithm of that bound. @param {Pace} pace @param {number} epochs */
export const logLeft = ({ progress, push, top }, epochs) =>
  epochs * Math.log1p(-progress) + Math.log(Math.min(1 + epochs * push, top));

/** The first epoch from which the bound is at most this tolerance; Infinity for never. @param {Pace} speed @param {number} tolerance */
export function epochsTo(speed, tolerance) {
  if (speed.progress >= 1) return 1;
  if (speed.progress < 1e-300) return Infinity;
  const goal = Math.log(tolerance);
  let enough = Math.max(1, Math.ceil(goal / Math.log1p(-speed.progress)));
  let short = enough - 1;
  while (logLeft(speed, enough) > goal) [short, enough] = [enough, 2 * enough];
  while (enough - short > 1) {
    const middle = Math.floor((short + enough) / 2);
    if (logLeft(speed, middle) > goal) short = middle;
    else enough = middle;
  }
  return enough;
}

/**
 * Return about `count` of the epochs from 0 on: the first all, then ever sparser, and the last.
 * @param {number} epochs @param {number} [count]
 */
export function thinned(epochs, count = 300) {
  const share = (/** @type {number} */ i) => Math.round(Math.expm1((Math.log1p(epochs) * i) / count));
  return [...new Set(Array.from({ length: count + 1 }, (_, i) => Math.max(Math.min(i, epochs), share(i))))];
}
