// Train it: choose units, optimiser and learning rate, and watch gradient descent work.

import { button, buttons, choice, find, readouts, slider } from "./control.js";
import { define } from "./figure.js";
import { kept } from "./kept.js";
import { runOf } from "./run.js";
import { clamp, filled, fixed, readNumbers } from "./text.js";
import { dataChart, lossChart, mapChart } from "./training-charts.js";
import { judge, limitsInWords } from "./words.js";

/** @typedef {{units: string, optimizer: string, lr: number, momentum: number, epochs: number, epoch: number}} Choice */
/** @typedef {{name: string, uses: string[], code: string}} Optimizer */
/** @typedef {import("./run.js").Run} Run */

// A whole run takes so long to play, each tenfold of its epochs as long as the one before.
const SECONDS = 7;

define("training", (figure) => {
  const { data } = figure;
  const state = /** @type {Choice} */ (figure.state);
  const runNow = kept(runOf);
  const run = () => {
    const { units, optimizer, lr, momentum, epochs } = state;
    return runNow(data, units, optimizer, lr, momentum, epochs);
  };
  /** @returns {Optimizer} */
  const optimizer = () => data.optimizers.find((/** @type {Optimizer} */ { name }) => name === state.optimizer);

  const charts = [dataChart(figure), mapChart(figure), lossChart(figure)];
  const presets = buttons(figure, "presets", (name) => change({ ...figure.presetNamed(name) }));
  const chosen = {
    units: choice(figure, "units", (units) => change({ units })),
    optimizer: choice(figure, "optimizer", (optimizer) => change({ optimizer })),
  };
  const knob = (/** @type {"lr" | "momentum" | "epochs"} */ key, digits = 0) =>
    slider(figure, key, { range: data.ranges[key], digits, change: (value) => change({ [key]: value }) });
  const knobs = { lr: knob("lr"), momentum: knob("momentum", 2), epochs: knob("epochs") };
  const zone = find(figure, ".zone", HTMLElement);
  const tick = find(figure, ".tick", HTMLElement);
  const scrub = slider(figure, "epoch", {
    range: { low: 0, high: data.start.epochs, step: 1 },
    digits: 0,
    change: (value) => stop({ epoch: Math.round(value) }),
  });
  // Whoever types a value and then presses Pause leaves the field before, and that stops it too.
  let caught = false;
  const player = button(figure, "play", () => {
    const plays = caught || playing !== undefined;
    caught = false;
    if (plays) stop({});
    else play();
  });
  player.addEventListener("pointerdown", () => {
    caught = playing !== undefined;
  });
  // A press that ended elsewhere is none.
  player.addEventListener("keydown", () => {
    caught = false;
  });
  // Like Play, it begins anew at the end.
  button(figure, "step", () => stop({ epoch: (state.epoch % state.epochs) + 1 }));
  const numbers = readouts(figure);

  /** Change the run, and look at its end. @param {Partial<Choice>} given */
  function change(given) {
    const epochs = Math.round(given.epochs ?? state.epochs);
    stop({ ...given, epochs, epoch: epochs });
  }

  /** @type {number | undefined} */
  let playing;

  function halt() {
    if (playing) cancelAnimationFrame(playing);
    playing = undefined;
    player.textContent = "Play";
  }

  /** @param {Partial<Choice>} given */
  function stop(given) {
    halt();
    figure.change(given);
  }

  function play() {
    const { epochs, epoch } = state;
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return stop({ epoch: epochs });
    player.textContent = "Pause";
    const from = epoch < epochs ? epoch : 0;
    const pace = Math.log(epochs + 1) / (1000 * SECONDS);
    /** @type {number | undefined} */
    let begin;
    const tick = (/** @type {number} */ now) => {
      begin ??= now - Math.log(from + 1) / pace;
      const reached = Math.expm1(pace * (now - begin));
      if (reached >= epochs || !figure.isConnected) return stop({ epoch: epochs });
      state.epoch = Math.floor(reached);
      playing = requestAnimationFrame(tick);
      draw();
    };
    playing = requestAnimationFrame(tick);
  }

  function draw() {
    const running = run();
    const now = running.at(state.epoch);
    const places = [...running.path.filter(({ epoch }) => epoch < now.epoch), now];
    for (const drawChart of charts) drawChart(running, now, places);
    const line = running.back(now);
    numbers({
      slope: fixed(line.slope, 2),
      intercept: fixed(line.intercept, 2),
      loss: fixed(running.loss(now) * running.unit.yScale ** 2, 0),
    });
    drawControls(running);
    scrub.show(state.epoch);
  }

  const drawControls = kept((/** @type {Run} */ { shape, speeds }) => {
    scrub.limit({ low: 0, high: state.epochs });
    const { uses } = optimizer();
    for (const name of /** @type {const} */ (["lr", "momentum"])) {
      knobs[name].enable(uses.includes(name));
      knobs[name].show(state[name]);
    }
    knobs.epochs.show(state.epochs);
    chosen.units(state.units);
    chosen.optimizer(state.optimizer);
    presets(figure.preset());
    zone.hidden = tick.hidden = !speeds;
    const { best, limit } = speeds ? limitsInWords(shape, state.momentum) : { best: "–", limit: "–" };
    zone.style.left = `${100 * knobs.lr.share(Number(limit))}%`;
    tick.style.left = `${100 * knobs.lr.share(Number(best))}%`;
    numbers({ best, limit });
    figure.sentence.textContent = judge(run(), state, data.tolerance);
  });

  return {
    draw,
    describe() {
      const running = run();
      const line = running.back(running.at(state.epoch));
      const said = `slope ${fixed(line.slope, 2)}, intercept ${fixed(line.intercept, 2)}`;
      return `Epoch ${fixed(state.epoch, 0)}: ${said}. ${judge(running, state, data.tolerance)}`;
    },
    read(texts) {
      halt();
      /** @type {Partial<Choice>} */
      const found = readNumbers(texts, data.ranges);
      const named = (/** @type {{name: string}[]} */ entries, /** @type {string} */ text) =>
        entries.some(({ name }) => name === text);
      if (named(data.units, texts.units)) found.units = texts.units;
      if (named(data.optimizers, texts.optimizer)) found.optimizer = texts.optimizer;
      const epochs = Math.round(found.epochs ?? state.epochs);
      const epoch = Math.trunc(Number(texts.epoch ?? epochs)) || 0;
      // Whoever follows a link to a run of its own wants to see how it was made.
      find(figure, "details", HTMLDetailsElement).open = true;
      return { ...found, epochs, epoch: clamp(epoch, { low: 0, high: epochs }) };
    },
    placeholders() {
      const { xCode, yCode } = run().unit;
      const { lr, momentum, epoch } = state;
      return { xCode, yCode, optimizer: filled(optimizer().code, { lr, momentum }), epochs: epoch };
    },
  };
});
