// What PyTorch does with a line, epoch by epoch, in the 32-bit numbers that it computes with.

import { thinned } from "./math.js";

/** @typedef {import("./math.js").Line} Line */
/** @typedef {Line & {epoch: number}} Place */
/**
 * Slope and intercept, and for each what the optimiser remembers of its gradients.
 * @typedef {{slope: number, intercept: number, means: [number, number], squares: [number, number]}} State
 */
/** @typedef {(state: State, gradient: [number, number], epoch: number) => void} Step */

const round = Math.fround;

/**
 * The steps of PyTorch's optimisers. A sum of a number and a product is rounded once, as a
 * processor does it in one instruction: products of 32-bit numbers are exact in JavaScript.
 * @type {Record<string, (options: {lr: number, momentum: number}) => Step>}
 */
const OPTIMIZERS = {
  sgd({ lr, momentum }) {
    const [rate, keep] = [round(lr), round(momentum)];
    return (state, gradient, epoch) => {
      const velocity = state.means;
      for (let i = 0; i < 2; i++) {
        velocity[i] = momentum && epoch > 1 ? round(round(keep * velocity[i]) + gradient[i]) : gradient[i];
      }
      state.slope = round(state.slope - rate * velocity[0]);
      state.intercept = round(state.intercept - rate * velocity[1]);
    };
  },
  adam({ lr }) {
    const [keep, keepSquare, least] = [0.9, 0.999, round(1e-8)];
    const [fresh, kept, freshSquare] = [round(1 - keep), round(keepSquare), round(1 - keepSquare)];
    return (state, gradient, epoch) => {
      const rate = round(lr / (1 - keep ** epoch));
      const root = round(Math.sqrt(1 - keepSquare ** epoch));
      const step = (/** @type {number} */ i) => {
        const { means, squares } = state;
        means[i] = round(means[i] + fresh * round(gradient[i] - means[i]));
        squares[i] = round(round(kept * squares[i]) + round(freshSquare * gradient[i]) * gradient[i]);
        const size = round(round(round(Math.sqrt(squares[i])) / root) + least);
        return round(round(rate * means[i]) / size);
      };
      state.slope = round(state.slope - step(0));
      state.intercept = round(state.intercept - step(1));
    };
  },
};

/**
 * Run an optimiser on the mean squared error of a line, as the program of the figure does.
 * begin: the line before the first epoch. Returns the `path`, at about 300 of the epochs; `at`,
 * which finds any other; and `stopped`, the epoch from which on nothing changes any more: every
 * step is too small for 32 bits, or has left them.
 * @param {number[]} x @param {number[]} y @param {Line} begin
 * @param {{optimizer: string, lr: number, momentum: number, epochs: number}} choice
 * @returns {{path: Place[], at: (epoch: number) => Place, stopped: number}}
 */
export function runInFloat32(x, y, begin, { optimizer, lr, momentum, epochs }) {
  const [xs, ys] = [Float32Array.from(x), Float32Array.from(y)];
  const step = OPTIMIZERS[optimizer]({ lr, momentum });
  /** @type {{epoch: number, state: State}[]} */
  const kept = [];
  const state = start(begin);
  let stopped = Infinity;
  let done = 0;
  for (const epoch of thinned(epochs)) {
    for (; done < epoch && stopped === Infinity; done++) {
      if (!advance(xs, ys, state, step, done + 1)) stopped = done;
    }
    kept.push({ epoch, state: copy(state) });
  }
  const place = (/** @type {number} */ epoch, /** @type {State} */ { slope, intercept }) => ({
    epoch,
    slope,
    intercept,
  });
  return {
    path: kept.map(({ epoch, state }) => place(epoch, state)),
    at(epoch) {
      const near = kept[kept.findLastIndex((mark) => mark.epoch <= epoch)];
      const found = copy(near.state);
      for (let k = near.epoch; k < Math.min(epoch, stopped); k++) advance(xs, ys, found, step, k + 1);
      return place(epoch, found);
    },
    stopped,
  };
}

/** Take one step; return whether it led anywhere, and can lead on. @type {(x: Float32Array, y: Float32Array, state: State, step: Step, epoch: number) => boolean} */
function advance(x, y, state, step, epoch) {
  const { slope, intercept, means } = state;
  const [first, second] = means;
  step(state, gradientAt(x, y, state), epoch);
  const same = state.slope === slope && state.intercept === intercept;
  // What is remembered may still move the line, or wait until it can.
  const waits = means[0] !== first || means[1] !== second;
  return Number.isFinite(state.slope) && Number.isFinite(state.intercept) && !(same && !waits);
}

/** The gradient as PyTorch adds it up. @type {(x: Float32Array, y: Float32Array, line: Line) => [number, number]} */
function gradientAt(x, y, { slope, intercept }) {
  const share = round(2 / x.length);
  let [bySlope, byIntercept] = [0, 0];
  for (let i = 0; i < x.length; i++) {
    const pull = round(share * round(round(round(x[i] * slope) + intercept) - y[i]));
    bySlope = round(bySlope + round(x[i] * pull));
    byIntercept = round(byIntercept + pull);
  }
  return [bySlope, byIntercept];
}

/** @type {(begin: Line) => State} */
const start = ({ slope, intercept }) => ({
  slope: round(slope),
  intercept: round(intercept),
  means: [0, 0],
  squares: [0, 0],
});

/** @type {(state: State) => State} */
const copy = (state) => ({ ...state, means: [...state.means], squares: [...state.squares] });
