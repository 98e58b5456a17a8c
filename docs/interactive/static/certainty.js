// How sure: move, add and remove students, and see the best line and its bands answer.

import { arrow, Chart, handle, note, set, svg } from "./chart.js";
import { button, readouts, slider } from "./control.js";
import { define } from "./figure.js";
import { halfWidth, leastSquares, leverage, predict } from "./math.js";
import { clamp, fixed, readPoints, spread, writePoints } from "./text.js";

/** @typedef {[number, number]} Point */

const GRID = 48;

define("certainty", (figure) => {
  const { view, t, ranges, fewest, most, nudge, start, xLabel, yLabel } = figure.data;
  const state = /** @type {{points: Point[], selected: number}} */ (figure.state);
  const chart = new Chart(figure, "chart", {
    x: { label: xLabel, about: 10 },
    y: { label: yLabel },
    right: 94,
    resized: () => figure.schedule(),
  });
  const bands = ["one", "mean"].map((name) => svg("path", { class: `band band-${name}` }));
  const line = svg("path", { class: "line certain" });
  chart.plot.append(...bands, line);
  const handles = Array.from({ length: most }, (_, i) => {
    const shapes = [
      svg("circle", { class: "hit", r: 22 }),
      svg("circle", { class: "pull" }),
      svg("circle", { class: "score", r: 5 }),
    ];
    const attributes = { role: "button", "aria-keyshortcuts": "ArrowLeft ArrowRight ArrowUp ArrowDown" };
    return handle(chart, attributes, shapes, {
      start: () => figure.change({ selected: i }),
      move: (x, y) => put(i, [chart.x.invert(x), chart.y.invert(y)]),
      nudge(event) {
        const steps = arrow(event);
        const [x, y] = state.points[i];
        if (steps) put(i, [x + steps[0] * nudge[0], y + steps[1] * nudge[1]]);
        return Boolean(steps);
      },
    });
  });
  const names = ["one student", "mean", "best"].map((name) => note(name === "best" ? "best" : "band-name", name));
  chart.top.append(...names, ...handles);
  const more = button(figure, "more", add);
  const fewer = button(figure, "fewer", remove);
  button(figure, "again", () => figure.change(structuredClone(start)));
  const knob = (/** @type {string} */ key, /** @type {(value: number) => Point} */ place) =>
    slider(figure, key, {
      range: ranges[key],
      digits: 0,
      change: (value) => put(state.selected, place(value)),
    });
  const knobs = {
    hours: knob("hours", (value) => [value, state.points[state.selected][1]]),
    score: knob("score", (value) => [state.points[state.selected][0], value]),
  };
  const numbers = readouts(figure);

  /** Put a student where the picture is, unless all would have the same hours. @type {(i: number, place: Point) => void} */
  function put(i, [x, y]) {
    const points = [...state.points];
    points[i] = [Math.round(clamp(x, ranges.hours)), Math.round(clamp(y, ranges.score))];
    // Where they would, the fields show again what is.
    figure.change(spread(points) ? { points, selected: i } : {});
  }

  function add() {
    const { points } = state;
    // Each somewhere else, so that none hides another.
    const at = (/** @type {{low: number, high: number}} */ { low, high }, /** @type {number} */ share) =>
      Math.round(low + share * (high - low));
    const share = (points.length * 0.382) % 0.8;
    figure.change({
      points: [...points, [at(ranges.hours, 0.1 + share), at(ranges.score, 0.3)]],
      selected: points.length,
    });
  }

  function remove() {
    const points = state.points.filter((_, i) => i !== state.selected);
    const selected = Math.min(state.selected, points.length - 1);
    if (spread(points)) figure.change({ points, selected });
  }

  const fit = () => leastSquares(state.points.map(([x]) => x), state.points.map(([, y]) => y));
  const reach = () => t[state.points.length - fewest];

  /** @param {import("./math.js").Fit} fitted */
  function intervals(fitted) {
    const [at] = state.points[state.selected];
    const end = (/** @type {number} */ sign, /** @type {number} */ own) =>
      fixed(predict(fitted, at) + sign * halfWidth(fitted, at, reach(), own), 0);
    const interval = (/** @type {number} */ own) => `${end(-1, own)} to ${end(1, own)}`;
    return `At ${at} hours, mean of many: ${interval(0)}; one student: ${interval(1)}.`;
  }

  return {
    draw() {
      const { points, selected } = state;
      if (!chart.view(view.x, view.y)) return;
      const fitted = fit();
      const [low, high] = view.x;
      const grid = Array.from({ length: GRID + 1 }, (_, i) => low + ((high - low) * i) / GRID);
      const edge = (/** @type {number} */ sign, /** @type {number} */ own) => (/** @type {number} */ x) =>
        /** @type {Point} */ ([x, predict(fitted, x) + sign * halfWidth(fitted, x, reach(), own)]);
      [1, 0].forEach((own, i) => {
        const around = [...grid.map(edge(1, own)), ...grid.map(edge(-1, own)).reverse()];
        set(bands[i], { d: `${chart.path(around)}Z` });
      });
      set(line, { d: chart.segment(fitted, low, high) });
      // Each name at its lower edge, where that leaves the picture, and clear of the one before.
      const floor = chart.height - chart.margin.bottom;
      let last = floor + 14;
      [edge(-1, 1), edge(-1, 0), edge(0, 0)].forEach((find, i) => {
        last = Math.min(Math.max(chart.y(find(high)[1]) + 4, chart.margin.top + 10 + (2 - i) * 16), last - 16);
        set(names[i], { x: chart.x(high) + 4, y: last });
      });
      handles.forEach((node, i) => {
        node.style.display = i < points.length ? "" : "none";
        if (i >= points.length) return;
        const [x, y] = points[i];
        set(node, {
          transform: `translate(${chart.x(x)} ${chart.y(y)})`,
          "aria-label": `Student ${i + 1}: ${x} hours, ${y} points`,
          "aria-pressed": String(i === selected),
        });
        node.classList.toggle("selected", i === selected);
        // The ring's area is the leverage.
        set(node.children[1], { r: 26 * Math.sqrt(leverage(fitted, x)) });
      });
      more.disabled = points.length === most;
      fewer.disabled = points.length === fewest;
      const [x, y] = points[selected];
      knobs.hours.show(x);
      knobs.score.show(y);
      const pull = leverage(fitted, x);
      numbers({
        slope: `${fixed(fitted.slope, 2)} ± ${fixed(fitted.slopeStderr, 2)}`,
        intercept: `${fixed(fitted.intercept, 2)} ± ${fixed(fitted.interceptStderr, 2)}`,
        scatter: `${fixed(fitted.residualStderr, 1)} points`,
        leverage: fixed(pull, 3),
      });
      const rise = fixed(100 * pull, 1);
      figure.sentence.textContent =
        `${intervals(fitted)} Raise the selected student by 100 points, and the line rises by ${rise} there.`;
    },
    describe() {
      const { points, selected } = state;
      const [x, y] = points[selected];
      const fitted = fit();
      const said = `Slope ${fixed(fitted.slope, 2)}, intercept ${fixed(fitted.intercept, 2)}`;
      const student = `Student ${selected + 1} of ${points.length} at ${x} hours and ${y} points`;
      return `${student}. ${said}. ${intervals(fitted)}`;
    },
    write: () => ({ points: writePoints(state.points), selected: String(state.selected) }),
    read({ points: text = "", selected }) {
      const points = readPoints(text, { fewest, most, ranges });
      if (!points) return {};
      const number = Math.trunc(Number(selected)) || 0;
      return { points, selected: clamp(number, { low: 0, high: points.length - 1 }) };
    },
    placeholders() {
      const list = (/** @type {0 | 1} */ k) => `[${state.points.map((point) => point[k]).join(", ")}]`;
      return { hours: list(0), scores: list(1), selected: state.selected, t: reach() };
    },
  };
});
