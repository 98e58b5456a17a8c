// How sure: move, add and remove students, and see the best line and its bands answer.

import { Chart, handle, set, svg } from "./chart.js";
import { clamp, fixed, html, readouts } from "./control.js";
import { Figure } from "./figure.js";
import { halfWidth, leastSquares, leverage, predict } from "./math.js";

const GRID = 48;

class HowSure extends Figure {
  build() {
    const { x_label, y_label, most } = this.data;
    this.chart = new Chart({
      label: "Students that you can move, the best line, and its bands",
      x: { label: x_label, about: 10 },
      y: { label: y_label },
      resized: () => this.schedule(),
    });
    this.bands = ["one", "mean"].map((name) => svg("path", { class: `band band-${name}` }));
    this.line = svg("path", { class: "line certain" });
    this.chart.plot.append(...this.bands, this.line);
    this.handles = Array.from({ length: most }, (_, i) => this.point(i));
    this.chart.top.append(...this.handles);
    const button = (label, onclick) => html("button", { type: "button", onclick }, label);
    this.more = button("Add a student", () => this.add());
    this.fewer = button("Remove the selected", () => this.remove());
    this.again = button("Eight students again", () => this.change(structuredClone(this.data.start)));
    this.numbers = readouts([
      { name: "slope", label: "Slope ± standard error" },
      { name: "intercept", label: "Intercept ± standard error" },
      { name: "scatter", label: "Residual standard error" },
      { name: "leverage", label: "Leverage of the selected" },
    ]);
    this.words = html("p", { className: "words" });
    const group = { className: "buttons", role: "group", "aria-label": "Students" };
    const row = html("div", group, this.more, this.fewer, this.again);
    return [
      this.chart.node,
      row,
      this.numbers.node,
      this.words,
    ];
  }

  point(i) {
    const shapes = [
      svg("circle", { class: "hit", r: 22 }),
      svg("circle", { class: "pull" }),
      svg("circle", { class: "score", r: 5 }),
    ];
    const { nudge } = this.data;
    return handle(this.chart, { "aria-label": `Student ${i + 1}` }, shapes, {
      start: () => this.change({ selected: i }),
      move: (x, y) => this.put(i, [this.chart.x.invert(x), this.chart.y.invert(y)]),
      nudge: (right, up) => {
        const [x, y] = this.state.points[i];
        this.put(i, [x + right * nudge[0], y + up * nudge[1]]);
      },
    });
  }

  /** Put a student where the picture is, unless all would have the same hours. */
  put(i, [x, y]) {
    const { hours, score } = this.data.ranges;
    const points = [...this.state.points];
    points[i] = [Math.round(clamp(x, hours)), Math.round(clamp(y, score))];
    if (spread(points)) this.change({ points, selected: i });
  }

  add() {
    const { points } = this.state;
    // Each somewhere else, so that none hides another.
    const { hours, score } = this.data.ranges;
    const at = (range, share) => Math.round(range.low + share * (range.high - range.low));
    const share = (points.length * 0.382) % 0.8;
    this.change({
      points: [...points, [at(hours, 0.1 + share), at(score, 0.3)]],
      selected: points.length,
    });
  }

  remove() {
    const points = this.state.points.filter((_, i) => i !== this.state.selected);
    const selected = Math.min(this.state.selected, points.length - 1);
    if (spread(points)) this.change({ points, selected });
  }

  fit() {
    const { points } = this.state;
    return leastSquares(points.map(([x]) => x), points.map(([, y]) => y));
  }

  draw() {
    const { view, t, ranges, fewest, most } = this.data;
    const { points, selected } = this.state;
    if (!this.chart.view(view.x, view.y)) return;
    const fit = this.fit();
    const [low, high] = view.x;
    const grid = Array.from({ length: GRID + 1 }, (_, i) => low + ((high - low) * i) / GRID);
    const width = t[points.length - fewest];
    [1, 0].forEach((own, i) => {
      const edge = (sign) => (x) => [x, predict(fit, x) + sign * halfWidth(fit, x, width, own)];
      const around = [...grid.map(edge(1)), ...grid.map(edge(-1)).reverse()];
      set(this.bands[i], { d: `${this.chart.path(around)}Z` });
    });
    set(this.line, { d: this.chart.segment(fit, low, high) });
    this.handles.forEach((node, i) => {
      node.style.display = i < points.length ? "" : "none";
      if (i >= points.length) return;
      const [x, y] = points[i];
      const pull = leverage(fit, x);
      set(node, {
        transform: `translate(${this.chart.x(x)} ${this.chart.y(y)})`,
        "aria-valuemin": ranges.score.low,
        "aria-valuemax": ranges.score.high,
        "aria-valuenow": y,
        "aria-valuetext": `${x} hours, ${y} points`,
      });
      node.classList.toggle("selected", i === selected);
      // The ring's area is the leverage.
      set(node.children[1], { r: 26 * Math.sqrt(pull) });
    });
    this.more.disabled = points.length === most;
    this.fewer.disabled = points.length === fewest;
    this.numbers.show({
      slope: `${fixed(fit.slope, 2)} ± ${fixed(fit.slopeStderr, 2)}`,
      intercept: `${fixed(fit.intercept, 2)} ± ${fixed(fit.interceptStderr, 2)}`,
      scatter: `${fixed(fit.residualStderr, 1)} points`,
      leverage: fixed(leverage(fit, points[selected][0]), 3),
    });
    this.words.textContent = `${this.intervals(fit)} ${this.pull(fit)}`;
  }

  intervals(fit) {
    const { points, selected } = this.state;
    const [at] = points[selected];
    const t = this.data.t[points.length - this.data.fewest];
    const end = (sign, own) => fixed(predict(fit, at) + sign * halfWidth(fit, at, t, own), 0);
    const interval = (own) => `${end(-1, own)} to ${end(1, own)}`;
    return `At ${at} hours, mean of many: ${interval(0)}; one student: ${interval(1)}.`;
  }

  pull(fit) {
    const { points, selected } = this.state;
    const rise = fixed(100 * leverage(fit, points[selected][0]), 1);
    return `Raise the selected student by 100 points, and the line rises by ${rise} there.`;
  }

  describe() {
    const { points, selected } = this.state;
    const [x, y] = points[selected];
    const fit = this.fit();
    const line = `Slope ${fixed(fit.slope, 2)}, intercept ${fixed(fit.intercept, 2)}`;
    const student = `Student ${selected + 1} of ${points.length} at ${x} hours and ${y} points`;
    return `${student}. ${line}. ${this.intervals(fit)}`;
  }

  write() {
    const { points, selected } = this.state;
    return { points: points.map((point) => point.join("-")).join("_"), selected: String(selected) };
  }

  read({ points = "", selected }) {
    const { fewest, most, ranges } = this.data;
    const pairs = points.split("_").map((pair) => pair.split("-").map(Number));
    const inside = (value, { low, high }) => value >= low && value <= high;
    const fits = ([x, y]) => inside(x, ranges.hours) && inside(y, ranges.score);
    const count = inside(pairs.length, { low: fewest, high: most });
    if (!count || !pairs.every(fits) || !spread(pairs)) return {};
    const number = Math.trunc(Number(selected)) || 0;
    return { points: pairs, selected: clamp(number, { low: 0, high: pairs.length - 1 }) };
  }

  placeholders() {
    const { points, selected } = this.state;
    const list = (k) => `[${points.map((point) => point[k]).join(", ")}]`;
    const t = this.data.t[points.length - this.data.fewest];
    return { hours: list(0), scores: list(1), selected, t };
  }
}

const spread = (points) => points.some(([x]) => x !== points[0][0]);

customElements.define("explore-certainty", HowSure);
