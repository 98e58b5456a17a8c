// Draw the line: move a line among the students, and see how far it is from the best.

import { Chart, handle, hold, set, svg } from "./chart.js";
import { buttons, clamp, fixed, html, readouts, row, slider } from "./control.js";
import { Figure } from "./figure.js";
import { leastSquares, meanSquaredError, predict, score } from "./math.js";

class DrawTheLine extends Figure {
  build() {
    const { x, y, ranges, presets, x_label, y_label } = this.data;
    this.best = meanSquaredError(leastSquares(x, y), x, y);
    const mean = presets.find(({ name }) => name === "mean").state;
    this.mean = meanSquaredError(mean, x, y);
    this.chart = new Chart({
      label: "The students' scores and a line that you can move",
      x: { label: x_label, about: 8 },
      y: { label: y_label },
      right: 94,
      resized: () => this.schedule(),
    });
    this.squares = x.map(() => svg("rect", { class: "square" }));
    this.residuals = svg("path", { class: "residual" });
    this.dots = x.map(() => svg("circle", { class: "score", r: 5 }));
    this.line = svg("path", { class: "line" });
    this.guide = svg("path", { class: "guide" });
    this.guess = svg("circle", { class: "guess", r: 5 });
    this.chart.plot.append(...this.squares, this.guide, this.residuals, this.line);
    this.chart.plot.append(...this.dots, this.guess);
    this.body = svg("path", { class: "body" });
    hold(this.chart, this.body, {
      start: (_, at) => (this.grip = this.chart.y.invert(at) - this.state.intercept),
      move: (_, at) => this.bend({ intercept: this.chart.y.invert(at) - this.grip }),
    });
    this.ends = this.data.ends.map((at, i) => this.end(at, i));
    this.name = svg("text", { class: "own" });
    this.chart.top.append(this.body, ...this.ends, this.name);
    this.presets = buttons("Lines to compare", presets, (name) => this.choose(name));
    const knob = (label, unit, key, digits) =>
      slider({ label, unit, range: ranges[key], digits, change: (v) => this.change({ [key]: v }) });
    this.knobs = {
      slope: knob("Slope", "points per hour", "slope", 2),
      intercept: knob("Intercept", "points", "intercept", 2),
      hour: knob("Predict for", "hours", "hour", 0),
    };
    this.numbers = readouts([
      { name: "error", label: "Mean squared error" },
      { name: "score", label: "R²" },
      { name: "prediction", label: "Prediction" },
    ]);
    this.meter = this.buildMeter();
    return [
      this.chart.node,
      this.presets.node,
      row(this.knobs),
      this.numbers.node,
      this.meter.node,
    ];
  }

  /** Make the handle at one end of the line; the other end stays where it is. */
  end(at, i) {
    const shapes = [svg("circle", { class: "hit", r: 22 }), svg("circle", { class: "grip", r: 8 })];
    const label = `Score at the ${i ? "right" : "left"} end of the line`;
    const raise = (score) => {
      const [left, right] = this.data.ends.map((x) => predict(this.state, x));
      const [low, high] = i ? [left, score] : [score, right];
      const slope = (high - low) / (this.data.ends[1] - this.data.ends[0]);
      this.bend({ slope, intercept: low - slope * this.data.ends[0] });
    };
    return handle(this.chart, { "aria-label": label, "aria-orientation": "vertical" }, shapes, {
      move: (_, pixel) => raise(this.chart.y.invert(pixel)),
      nudge: (right, up) => raise(predict(this.state, at) + (right + up) * this.data.nudge),
    });
  }

  /** Take over a line that the hand has moved, to the digits that the fields show. */
  bend(line) {
    const { ranges } = this.data;
    const round = (value, range) => Number(clamp(value, range).toFixed(2));
    this.change(
      Object.fromEntries(
        Object.entries(line).map(([key, value]) => [key, round(value, ranges[key])]),
      ),
    );
  }

  buildMeter() {
    const bar = html("div", { className: "bar" });
    const words = html("p", {});
    // Ten times worse than the mean fills the bar.
    const full = Math.log((10 * this.mean) / this.best);
    const share = (error) => Math.min(1, Math.log(error / this.best) / full);
    const mark = (name, error) => {
      const node = html("span", { className: `mark mark-${name}` }, name);
      node.style.left = `${100 * share(error)}%`;
      return node;
    };
    const marks = [mark("best", this.best), mark("mean", this.mean)];
    const track = html("div", { className: "meter-track" }, bar, ...marks);
    return {
      node: html("div", { className: "meter" }, track, words),
      show: (error, name) => {
        const times = error / this.best;
        bar.style.width = `${100 * share(error)}%`;
        if (times < 1 + 1e-9) words.textContent = "The best line: no other has a smaller error.";
        else {
          const judged = error > this.mean * (1 + 1e-9) ? "worse than always guessing the mean" : "";
          const said = `${fixed(times, times < 10 ? 2 : 1)} times the best line's error`;
          words.textContent = `${said}${judged && `: ${judged}`}.`;
        }
      },
      words,
    };
  }

  draw() {
    const { x, y, view, ends } = this.data;
    const line = this.state;
    if (!this.chart.view(view.x, view.y)) return;
    const [px, py] = [this.chart.x, this.chart.y];
    const middle = (view.x[0] + view.x[1]) / 2;
    const stems = [];
    x.forEach((hours, i) => {
      const [at, to, from] = [px(hours), py(y[i]), py(predict(line, hours))];
      const side = Math.abs(to - from);
      // A square stays in the picture when it grows towards the middle.
      const left = hours < middle ? at : at - side;
      set(this.squares[i], { x: left, y: Math.min(to, from), width: side, height: side });
      set(this.dots[i], { cx: at, cy: to });
      stems.push(`M${at} ${to}V${from}`);
    });
    const name = this.preset() ?? "yours";
    this.dataset.line = name;
    set(this.residuals, { d: stems.join("") });
    const d = this.chart.segment(line, ...ends);
    set(this.line, { d });
    set(this.body, { d });
    ends.forEach((at, i) => {
      const height = predict(line, at);
      set(this.ends[i], {
        transform: `translate(${px(at)} ${py(height)})`,
        "aria-valuemin": view.y[0],
        "aria-valuemax": view.y[1],
        "aria-valuenow": Math.round(height),
        "aria-valuetext": `${fixed(height, 0)} points at ${at} hours`,
      });
    });
    const { margin, height } = this.chart;
    const inside = { low: margin.top + 4, high: height - margin.bottom - 4 };
    set(this.name, { x: px(ends[1]) + 16, y: clamp(py(predict(line, ends[1])) + 4, inside) });
    this.name.textContent = name;
    const guess = predict(line, line.hour);
    set(this.guide, { d: `M${px(line.hour)} ${py(view.y[0])}V${py(guess)}H${px(view.x[0])}` });
    set(this.guess, { cx: px(line.hour), cy: py(guess) });
    for (const [key, knob] of Object.entries(this.knobs)) knob.show(line[key]);
    this.presets.show(name);
    const error = meanSquaredError(line, x, y);
    this.numbers.show({
      error: fixed(error, 0),
      score: fixed(score(line, x, y), 3),
      prediction: `${fixed(guess, 1)} points`,
    });
    this.meter.show(error);
  }

  describe() {
    const { slope, intercept } = this.state;
    const line = `Slope ${fixed(slope, 2)}, intercept ${fixed(intercept, 2)}`;
    const error = fixed(meanSquaredError(this.state, this.data.x, this.data.y), 0);
    return `${line}: mean squared error ${error}. ${this.meter.words.textContent}`;
  }

  placeholders() {
    const { slope, intercept, hour } = this.state;
    return { slope, intercept, hour };
  }
}

customElements.define("explore-line", DrawTheLine);
