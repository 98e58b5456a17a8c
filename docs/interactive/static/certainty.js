// How sure: move, add and remove students, and see the best line and its bands answer; or judge
// the line by another loss, and see whom it follows then.

import { arrow, Chart, handle, note, set, svg } from "./chart.js";
import { button, choice, readouts, slider } from "./control.js";
import { define } from "./figure.js";
import { halfWidth, huber, leastAbsolute, leastSquares, leverage, predict } from "./math.js";
import { clamp, fixed, readPoints, spread, writePoints } from "./text.js";

/** @typedef {[number, number]} Point */

const GRID = 48;

define("certainty", (figure) => {
  const { view, t, ranges, fewest, most, nudge, delta, programs, start, xLabel, yLabel } = figure.data;
  const state = /** @type {{points: Point[], selected: number, loss: string}} */ (figure.state);
  /** The line of each loss. @type {Record<string, (x: number[], y: number[]) => import("./math.js").Line>} */
  const fits = { squared: leastSquares, absolute: leastAbsolute, huber: (x, y) => huber(x, y, delta) };
  const chart = new Chart(figure, "chart", {
    x: { label: xLabel, about: 10 },
    y: { label: yLabel },
    right: 94,
    resized: () => figure.schedule(),
  });
  const bands = ["one", "mean"].map((name) => svg("path", { class: `band band-${name}` }));
  const line = svg("path", { class: "line certain" });
  const squares = svg("path", { class: "line squares" });
  chart.plot.append(...bands, squares, line);
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
  const names = Array.from({ length: 3 }, () => note("best", ""));
  chart.top.append(...names, ...handles);
  const showLoss = choice(figure, "loss", (loss) => figure.change({ loss }));
  const more = button(figure, "more", add);
  const fewer = button(figure, "fewer", remove);
  button(figure, "again", () => figure.change({ ...structuredClone(start), loss: state.loss }));
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

  /** @type {(points: Point[], loss: string) => import("./math.js").Line} */
  const lineOf = (points, loss) => fits[loss](points.map(([x]) => x), points.map(([, y]) => y));
  const fit = () => leastSquares(state.points.map(([x]) => x), state.points.map(([, y]) => y));
  const reach = () => t[state.points.length - fewest];

  /** How far this line and that of squares fall at the selected student, with 100 points less. */
  function falls() {
    const { points, selected, loss } = state;
    const [at] = points[selected];
    const lower = points.map(([x, y], i) => /** @type {Point} */ ([x, i === selected ? y - 100 : y]));
    const fall = (/** @type {string} */ name) =>
      fixed(predict(lineOf(points, name), at) - predict(lineOf(lower, name), at), 1);
    const compared = `this line falls by ${fall(loss)} there, that of squares (dashed) by ${fall("squared")}`;
    return `Lower the selected student by 100 points, and ${compared}. Bands and errors belong to squares, so none is shown.`;
  }

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
      const { points, selected, loss } = state;
      if (!chart.view(view.x, view.y)) return;
      const fitted = fit();
      const squared = loss === "squared";
      const shown = squared ? fitted : lineOf(points, loss);
      const [low, high] = view.x;
      const grid = Array.from({ length: GRID + 1 }, (_, i) => low + ((high - low) * i) / GRID);
      const edge = (/** @type {number} */ sign, /** @type {number} */ own) => (/** @type {number} */ x) =>
        /** @type {Point} */ ([x, predict(fitted, x) + sign * halfWidth(fitted, x, reach(), own)]);
      [1, 0].forEach((own, i) => {
        const around = [...grid.map(edge(1, own)), ...grid.map(edge(-1, own)).reverse()];
        set(bands[i], { d: squared ? `${chart.path(around)}Z` : "" });
      });
      set(line, { d: chart.segment(shown, low, high) });
      set(squares, { display: squared ? "none" : "inline", d: chart.segment(fitted, low, high) });
      const best = { name: "best", kind: "best", at: predict(shown, high) };
      const marks = squared
        ? [
            { name: "one student", kind: "band-name", at: edge(-1, 1)(high)[1] },
            { name: "mean", kind: "band-name", at: edge(-1, 0)(high)[1] },
            best,
          ]
        : [
            { name: "squares", kind: "trained", at: predict(fitted, high) },
            { ...best, name: loss === "huber" ? "Huber" : loss },
          ].sort((a, b) => a.at - b.at);
      // Each name at its lower edge, where that leaves the picture, and clear of the one before.
      const floor = chart.height - chart.margin.bottom;
      let last = floor + 14;
      names.forEach((node, i) => {
        const { name = "", kind = "", at = 0 } = marks[i] ?? {};
        node.textContent = name;
        if (!name) return;
        last = Math.min(Math.max(chart.y(at) + 4, chart.margin.top + 10 + (2 - i) * 16), last - 16);
        set(node, { class: `note ${kind}`, x: chart.x(high) + 4, y: last });
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
        // The ring's area is the leverage, which is about squares; else it marks the selected.
        const ring = i === selected ? 13 : 0;
        set(node.children[1], { r: squared ? 26 * Math.sqrt(leverage(fitted, x)) : ring });
      });
      more.disabled = points.length === most;
      fewer.disabled = points.length === fewest;
      const [x, y] = points[selected];
      showLoss(loss);
      knobs.hours.show(x);
      knobs.score.show(y);
      const pull = leverage(fitted, x);
      const sure = (/** @type {number} */ error) => (squared ? ` ± ${fixed(error, 2)}` : "");
      numbers({
        slope: fixed(shown.slope, 2) + sure(fitted.slopeStderr),
        intercept: fixed(shown.intercept, 2) + sure(fitted.interceptStderr),
        scatter: squared ? `${fixed(fitted.residualStderr, 1)} points` : "–",
        leverage: squared ? fixed(pull, 3) : "–",
      });
      const rise = fixed(100 * pull, 1);
      figure.sentence.textContent = squared
        ? `${intervals(fitted)} Raise the selected student by 100 points, and the line rises by ${rise} there.`
        : falls();
    },
    describe() {
      const { points, selected, loss } = state;
      const [x, y] = points[selected];
      const shown = lineOf(points, loss);
      const said = `Slope ${fixed(shown.slope, 2)}, intercept ${fixed(shown.intercept, 2)}`;
      const student = `Student ${selected + 1} of ${points.length} at ${x} hours and ${y} points`;
      return `${student}. ${said}. ${loss === "squared" ? intervals(fit()) : falls()}`;
    },
    write: () => ({ points: writePoints(state.points), selected: String(state.selected), loss: state.loss }),
    read({ points: text = "", selected, loss = "" }) {
      const points = readPoints(text, { fewest, most, ranges });
      if (!points) return {};
      const number = Math.trunc(Number(selected)) || 0;
      const known = Object.hasOwn(fits, loss) ? loss : start.loss;
      return { points, selected: clamp(number, { low: 0, high: points.length - 1 }), loss: known };
    },
    template: () => programs[state.loss],
    lacks(what) {
      const { points, loss } = state;
      const several = loss === "huber" && !huber(points.map(([x]) => x), points.map(([, y]) => y), delta).unique;
      return what === "program" && several
        ? "Other lines may be as good here, and a program may find one of them. Move a student."
        : undefined;
    },
    placeholders() {
      const list = (/** @type {0 | 1} */ k) => `[${state.points.map((point) => point[k]).join(", ")}]`;
      return { hours: list(0), scores: list(1), selected: state.selected, t: reach() };
    },
  };
});
