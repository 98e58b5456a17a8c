// Train it: choose units, learning rate and momentum, and watch gradient descent work.

import { Chart, set, svg } from "./chart.js";
import { buttons, choice, fixed, html, readouts, row, short, slider } from "./control.js";
import { Figure, filled } from "./figure.js";
import {
  adamPath,
  bestLr,
  contour,
  descentPath,
  epochsTo,
  leastSquares,
  logLeft,
  meanSquaredError,
  paces,
  predict,
  stableLr,
  valley,
} from "./math.js";

// A whole run takes so long to play, each tenfold of its epochs as long as the one before.
const SECONDS = 7;

class TrainIt extends Figure {
  build() {
    const { ranges, presets, units, optimizers, x_label, y_label } = this.data;
    const resized = () => this.schedule();
    this.data_chart = new Chart({
      label: "The students' scores, the line in training, and the best line",
      x: { label: x_label, about: 6 },
      y: { label: y_label, about: 5 },
      resized,
    });
    this.map = new Chart({
      label: "Contours of the loss over all lines, and the way of the training",
      x: { label: "Intercept", about: 3 },
      y: { label: "Slope", about: 5 },
      resized,
    });
    this.stairs = new Chart({
      label: "Loss by epoch, and the bound that was predicted for it",
      x: { label: "Epoch", log: true, about: 6 },
      y: { label: "Loss", log: true, about: 4 },
      size: "low",
      resized,
    });
    this.dots = this.data.x.map(() => svg("circle", { class: "score", r: 4 }));
    this.best_line = svg("path", { class: "line best" });
    this.line = svg("path", { class: "line trained" });
    const note = (name) => svg("text", { class: `note ${name}` }, name);
    this.notes = { line: note("best"), map: note("best"), best: note("best"), mean: note("mean") };
    this.data_chart.plot.append(this.best_line, this.line, ...this.dots, this.notes.line);
    this.rings = this.data.rings.map(() => svg("path", { class: "contour" }));
    this.way = svg("path", { class: "way" });
    this.goal = svg("circle", { class: "goal", r: 6 });
    this.first = svg("circle", { class: "step first", r: 5 });
    this.here = svg("circle", { class: "step", r: 5 });
    this.map.plot.append(...this.rings, this.goal, this.notes.map, this.way, this.first, this.here);
    this.floor = svg("path", { class: "floor" });
    this.guess = svg("path", { class: "guide" });
    this.envelope = svg("path", { class: "envelope" });
    this.curve = svg("path", { class: "way" });
    this.now = svg("circle", { class: "step", r: 5 });
    // The bound lies on the curve where it is exact, and must be seen there too.
    this.stairs.plot.append(this.floor, this.guess, this.curve, this.envelope, this.now);
    this.stairs.plot.append(this.notes.best, this.notes.mean);

    this.presets = buttons("Runs", presets, (name) => this.choose(name));
    this.units = choice("Units", units, (name) => this.set({ units: name }));
    this.optimizers = choice("Optimizer", optimizers, (name) => this.set({ optimizer: name }));
    const zone = html("span", { className: "zone" });
    const best = html("span", { className: "tick" });
    this.marks = { zone, best };
    const knob = (label, key, digits, extra, unit) =>
      slider({ label, unit, range: ranges[key], digits, change: (v) => this.set({ [key]: v }), extra });
    this.knobs = {
      lr: knob("Learning rate", "lr", 0, [zone, best], "striped: diverges"),
      momentum: knob("Momentum", "momentum", 2),
      epochs: knob("Epochs", "epochs", 0),
    };
    this.scrub = slider({
      label: "Show epoch",
      range: { low: 0, high: 1, step: 1 },
      digits: 0,
      change: (value) => this.stop({ epoch: Math.round(value) }),
    });
    const play = () => this.play();
    this.player = html("button", { type: "button", className: "play", onclick: play }, "Play");
    // Like Play, it begins anew at the end.
    const step = () => this.stop({ epoch: (this.state.epoch % this.state.epochs) + 1 });
    this.stepper = html("button", { type: "button", onclick: step }, "Step");
    this.numbers = readouts([
      { name: "slope", label: "Slope" },
      { name: "intercept", label: "Intercept" },
      { name: "loss", label: "Loss" },
      { name: "limit", label: "Largest stable lr" },
      { name: "best", label: "Best lr" },
    ]);
    this.words = html("p", { className: "words" });
    return [
      this.presets.node,
      html("div", { className: "choices" }, this.units.node, this.optimizers.node),
      row(this.knobs),
      html("div", { className: "charts" }, this.data_chart.node, this.map.node),
      html("div", { className: "transport" }, this.player, this.stepper, this.scrub.node),
      this.stairs.node,
      this.numbers.node,
      this.words,
    ];
  }

  /** Change the run, and look at its end. */
  set(state) {
    if ("epochs" in state) state.epochs = Math.round(state.epochs);
    this.stop({ ...state, epoch: state.epochs ?? this.state.epochs });
  }

  choose(name) {
    const { state } = this.data.presets.find((preset) => preset.name === name);
    this.stop({ ...state, epoch: state.epochs });
  }

  read(texts) {
    const state = super.read(texts);
    for (const [key, entries] of [["units", this.data.units], ["optimizer", this.data.optimizers]]) {
      if (entries.some(({ name }) => name === texts[key])) state[key] = texts[key];
    }
    const epochs = Math.round(state.epochs ?? this.state.epochs);
    const epoch = Math.trunc(Number(texts.epoch ?? epochs)) || 0;
    return { ...state, epochs, epoch: Math.max(0, Math.min(epoch, epochs)) };
  }

  // Time -------------------------------------------------------------------------------------

  stop(state) {
    cancelAnimationFrame(this.playing);
    this.playing = undefined;
    this.player.textContent = "Play";
    this.change(state);
  }

  play() {
    const { epochs, epoch } = this.state;
    if (this.playing) return this.stop({});
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return this.stop({ epoch: epochs });
    this.player.textContent = "Pause";
    const from = epoch < epochs ? epoch : 0;
    const length = Math.log(epochs + 1);
    let begin;
    const tick = (now) => {
      begin ??= now - (1000 * SECONDS * Math.log(from + 1)) / length;
      const reached = Math.expm1((length * (now - begin)) / (1000 * SECONDS));
      if (reached >= epochs || !this.isConnected) return this.stop({ epoch: epochs });
      this.state.epoch = Math.floor(reached);
      this.playing = requestAnimationFrame(tick);
      this.draw();
    };
    this.playing = requestAnimationFrame(tick);
  }

  // The run ----------------------------------------------------------------------------------

  /** Return the run that the state asks for, in its own units, worked out once. */
  run() {
    const { units, optimizer, lr, momentum, epochs } = this.state;
    const key = [units, optimizer, lr, momentum, epochs].join();
    if (this.known?.key === key) return this.known;
    const { begin } = this.data;
    const unit = this.data.units.find(({ name }) => name === units);
    const x = this.data.x.map((value) => (value - unit.x_shift) / unit.x_scale);
    const y = this.data.y.map((value) => (value - unit.y_shift) / unit.y_scale);
    const shape = valley(x);
    const best = leastSquares(x, y);
    const lowest = meanSquaredError(best, x, y);
    const recorded = unit.recorded.map((line) => ({ ...line, loss: meanSquaredError(line, x, y) }));
    const at = {
      sgd: (list) => descentPath(shape, best, lowest, begin, { lr, momentum }, list),
      adam: (list) => adamPath(shape, best, lowest, begin, lr, list),
      lbfgs: (list) => list.map((epoch) => ({ epoch, ...(recorded[epoch] ?? recorded.at(-1)) })),
    }[optimizer];
    const path = at(thinned(epochs));
    // The curvatures foretell what gradient descent does, and nothing of the others.
    const speeds = optimizer === "sgd" && paces(shape, lr, momentum);
    this.known = { key, unit, shape, best, lowest, path, at, speeds };
    return this.known;
  }

  /** Return a line of some units in those of the data. */
  back({ slope, intercept }, unit) {
    const turned = (slope * unit.y_scale) / unit.x_scale;
    const shift = unit.y_shift - turned * unit.x_shift;
    return { slope: turned, intercept: shift + unit.y_scale * intercept };
  }

  draw() {
    const run = this.run();
    const { epoch, epochs } = this.state;
    const [now] = run.at([epoch]);
    const path = [...run.path.filter((place) => place.epoch < epoch), now];
    const line = this.back(now, run.unit);
    this.drawData(run, line);
    this.drawMap(run, path, now);
    this.drawStairs(run, path, now);
    this.drawControls(run);
    this.numbers.show({
      slope: fixed(line.slope, 2),
      intercept: fixed(line.intercept, 2),
      loss: fixed(now.loss * run.unit.y_scale ** 2, 0),
    });
    this.scrub.show(epoch);
    this.knobs.epochs.show(epochs);
  }

  drawData(run, line) {
    const { x, y, view } = this.data;
    const chart = this.data_chart;
    if (!chart.view(view.x, view.y)) return;
    x.forEach((hours, i) => set(this.dots[i], { cx: chart.x(hours), cy: chart.y(y[i]) }));
    const best = this.back(run.best, run.unit);
    set(this.best_line, { d: chart.segment(best, 0, x.at(-1)) });
    set(this.notes.line, { x: chart.x(0) + 6, y: chart.y(best.intercept) + 18 });
    set(this.line, { d: chart.segment(line, 0, x.at(-1)) });
  }

  drawMap(run, path, now) {
    const chart = this.map;
    if (!chart.room) return;
    const { shape, best } = run;
    const { begin } = this.data;
    // The picture holds the start, the best line, and where the walk meets the valley's floor.
    const square = shape.variance + shape.mean ** 2;
    const floor = best.slope + ((best.intercept - begin.intercept) * shape.mean) / square;
    let xs = extent([begin.intercept, best.intercept]);
    let ys = extent([begin.slope, best.slope, floor]);
    // A round bowl looks round; the longer a valley, the more it is stretched to show its floor.
    const round = (Math.sqrt(square) * chart.room[0]) / chart.room[1];
    const stretched = round / shape.condition ** 0.1;
    const [wide, high] = [xs[1] - xs[0], ys[1] - ys[0]];
    if (wide < stretched * high) xs = widened(xs, stretched * high);
    else if (high < wide / round) ys = widened(ys, wide / round);
    chart.view(widened(xs, 1.4 * (xs[1] - xs[0])), widened(ys, 1.4 * (ys[1] - ys[0])));
    const key = [run.unit.name, chart.width, chart.height].join();
    if (key !== this.mapped) {
      this.mapped = key;
      const [start] = run.at([0]);
      this.data.rings.forEach((share, i) => {
        const ring = contour(shape, share * (start.loss - run.lowest), 90);
        const points = ring.map((away) => [best.intercept + away.intercept, best.slope + away.slope]);
        set(this.rings[i], { d: `${chart.path(points)}Z` });
      });
    }
    const places = path.map(({ slope, intercept }) => [intercept, slope]);
    const out = places.findIndex((place) => !chart.reaches(place));
    set(this.way, { d: chart.path(out > 0 ? places.slice(0, out) : places) });
    set(this.goal, { cx: chart.x(best.intercept), cy: chart.y(best.slope) });
    set(this.notes.map, { x: chart.x(best.intercept) + 10, y: chart.y(best.slope) - 8 });
    set(this.first, { cx: chart.x(begin.intercept), cy: chart.y(begin.slope) });
    set(this.here, { cx: chart.x(now.intercept), cy: chart.y(now.slope) });
  }

  drawStairs(run, path, now) {
    const chart = this.stairs;
    const scale = run.unit.y_scale ** 2;
    const [start] = run.at([0]);
    const [top, bottom] = [start.loss * scale * 30, run.lowest * scale * 0.6];
    // No logarithm has a place for epoch 0: it stands at the left end.
    const ends = [0.7, 1.1 * this.state.epochs];
    const x = (epoch) => Math.max(epoch, ends[0]);
    if (!chart.view(ends, [bottom, top])) return;
    const seen = path.filter(({ loss }) => Number.isFinite(loss));
    set(this.curve, { d: chart.path(seen.map(({ epoch, loss }) => [x(epoch), loss * scale])) });
    set(this.now, { cx: chart.x(x(now.epoch)), cy: chart.y(now.loss * scale) });
    const across = (loss) => chart.path(ends.map((end) => [end, loss]));
    const mean = run.lowest * scale / (1 - run.best.rSquared);
    set(this.floor, { d: across(run.lowest * scale) });
    set(this.guess, { d: across(mean) });
    set(this.notes.best, { x: chart.x(ends[0]) + 6, y: chart.y(run.lowest * scale) - 5 });
    set(this.notes.mean, { x: chart.x(ends[0]) + 6, y: chart.y(mean) - 5 });
    if (this.bounded !== run.key + chart.width) {
      this.bounded = run.key + chart.width;
      const bound = (run.speeds ? this.bound(run) : []).map(([epoch, loss]) => [x(epoch), loss * scale]);
      set(this.envelope, { d: bound.length ? chart.path(bound) : "" });
    }
  }

  /** Return the largest loss that the curvatures allow after each epoch. */
  bound({ shape, best, lowest, speeds, path }) {
    const { begin } = this.data;
    const off = [begin.slope - best.slope, begin.intercept - best.intercept];
    const steep = shape.cosine * off[0] + shape.sine * off[1];
    const level = shape.cosine * off[1] - shape.sine * off[0];
    const part = (eigenvalue, error, pace, epoch) =>
      error ? (eigenvalue * error ** 2 * Math.exp(2 * logLeft(pace, epoch))) / 2 : 0;
    const above = (epoch) =>
      part(shape.large, steep, speeds.steep, epoch) + part(shape.small, level, speeds.level, epoch);
    return path
      .map(({ epoch }) => [epoch, lowest + above(epoch)])
      .filter(([, loss]) => Number.isFinite(loss));
  }

  drawControls(run) {
    if (this.shown === run.key) return;
    this.shown = run.key;
    const { lr, momentum, epochs, units, optimizer } = this.state;
    const { uses } = this.data.optimizers.find(({ name }) => name === optimizer);
    const [limit, best] = [stableLr(run.shape, momentum), bestLr(run.shape, momentum)];
    const share = this.knobs.lr.share;
    this.marks.zone.style.left = `${100 * share(limit)}%`;
    this.marks.best.style.left = `${100 * share(best)}%`;
    for (const mark of Object.values(this.marks)) mark.hidden = !run.speeds;
    for (const name of ["lr", "momentum"]) this.knobs[name].enable(uses.includes(name));
    this.knobs.lr.show(lr);
    this.knobs.momentum.show(momentum);
    this.scrub.limit(epochs);
    this.units.show(units);
    this.optimizers.show(optimizer);
    this.presets.show(this.preset());
    this.numbers.show({
      limit: run.speeds ? short(limit) : "–",
      best: run.speeds ? short(best) : "–",
    });
    this.words.textContent = this.verdict(run);
  }

  /** Say what the run comes to, from the same facts as linreg's Diagnosis. */
  verdict(run) {
    const { shape, speeds } = run;
    const { lr, momentum, epochs } = this.state;
    if (!speeds) return this.look(run);
    const limit = stableLr(shape, momentum);
    if (lr > limit) {
      const why = "so each step lands farther up the other wall";
      return `Diverges: the learning rate is above ${short(limit)}, ${why}.`;
    }
    if (speeds.steep.progress <= 0) {
      return "Never settles: the learning rate is the stable limit itself.";
    }
    const counts = [speeds.level, speeds.steep].map((pace) => epochsTo(pace, this.data.tolerance));
    const needed = Math.max(...counts);
    if (needed <= epochs) {
      const count = needed === 1 ? "1 epoch" : `${fixed(needed, 0)} epochs`;
      return `Arrives: after ${count}, less than a ten-thousandth of the distance is left.`;
    }
    const slow = counts[1] > counts[0] ? speeds.steep : speeds.level;
    const where = slow === speeds.level ? "along the valley" : "across the valley";
    const left = fixed(100 * Math.min(1, Math.exp(logLeft(slow, epochs))), 1);
    const bound = momentum ? "up to " : "";
    const crawls = `Crawls: after ${fixed(epochs, 0)} epochs ${bound}${left} % of the distance ${where} is left.`;
    return `${crawls} ${this.advice(shape)}`;
  }

  /** Say what a run came to that no curvature foretells. */
  look({ path, lowest }) {
    const left = path.map(({ loss }) => (loss - lowest) / (path[0].loss - lowest));
    if (!(left.at(-1) < 1)) return "Diverges: the steps lead away from the best line.";
    const arrived = left.findLastIndex((share) => share > this.data.tolerance) + 1;
    if (arrived < path.length) {
      const { epoch } = path[arrived];
      const count = epoch === 1 ? "1 epoch" : `about ${fixed(epoch, 0)} epochs`;
      return `Arrives: after ${count}, less than a ten-thousandth of the way down is left.`;
    }
    const share = fixed(100 * left.at(-1), 1);
    return `Crawls: after ${fixed(this.state.epochs, 0)} epochs ${share} % of the way down to the lowest loss is left.`;
  }

  /** Say whether another learning rate would do. */
  advice(shape) {
    const { momentum, epochs } = this.state;
    const lr = bestLr(shape, momentum);
    const { level, steep } = paces(shape, lr, momentum);
    const needed = Math.max(...[level, steep].map((pace) => epochsTo(pace, this.data.tolerance)));
    if (needed <= epochs) return `A learning rate of ${short(lr)} would arrive.`;
    return `In these units even the best learning rate takes ${fixed(needed, 0)} epochs.`;
  }

  describe() {
    const run = this.run();
    const [now] = run.at([this.state.epoch]);
    const line = this.back(now, run.unit);
    const said = `slope ${fixed(line.slope, 2)}, intercept ${fixed(line.intercept, 2)}`;
    return `Epoch ${fixed(this.state.epoch, 0)}: ${said}. ${this.verdict(run)}`;
  }

  placeholders() {
    const { units, optimizer, epoch } = this.state;
    const { x_code, y_code } = this.data.units.find(({ name }) => name === units);
    const { code } = this.data.optimizers.find(({ name }) => name === optimizer);
    return { x_code, y_code, optimizer: filled(code, this.state), epochs: epoch };
  }
}

/** Return about 300 of the epochs from 0 on: the first all, then ever sparser, and the last. */
function thinned(epochs) {
  const share = (i) => Math.round(Math.expm1((Math.log1p(epochs) * i) / 300));
  return [...new Set(Array.from({ length: 301 }, (_, i) => Math.max(Math.min(i, epochs), share(i))))];
}

const extent = (values) => [Math.min(...values), Math.max(...values)];

const widened = ([low, high], width) => [(low + high - width) / 2, (low + high + width) / 2];

customElements.define("explore-training", TrainIt);
