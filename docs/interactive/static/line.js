// Draw the line: move a line among the students, and see how far it is from the best.

import { Chart, handle, hold, note, set, svg } from "./chart.js";
import { buttons, find, readouts, slider, stepsOf } from "./control.js";
import { define } from "./figure.js";
import { leastSquares, meanSquaredError, predict, score } from "./math.js";
import { clamp, fixed } from "./text.js";

/** @typedef {import("./math.js").Line} Line */

define("line", (figure) => {
  const { x, y, view, ends, ranges, nudge, xLabel, yLabel } = figure.data;
  const heights = { low: view.y[0], high: view.y[1] };
  const line = /** @type {Line & {hour: number}} */ (figure.state);
  const lowest = meanSquaredError(leastSquares(x, y), x, y);
  const ofMean = meanSquaredError(/** @type {Line} */ (figure.presetNamed("mean")), x, y);

  const chart = new Chart(figure, "chart", {
    x: { label: xLabel, about: 8 },
    y: { label: yLabel },
    right: 94,
    resized: () => figure.schedule(),
  });
  /** @type {SVGElement[]} */
  const squares = x.map(() => svg("rect", { class: "square" }));
  /** @type {SVGElement[]} */
  const dots = x.map(() => svg("circle", { class: "score", r: 5 }));
  const residuals = svg("path", { class: "residual" });
  const drawn = svg("path", { class: "line" });
  const guide = svg("path", { class: "guide" });
  const guess = svg("circle", { class: "guess", r: 5 });
  chart.plot.append(...squares, guide, residuals, drawn, ...dots, guess);
  const body = svg("path", { class: "body" });
  let grip = 0;
  hold(chart, body, {
    start: (_, at) => (grip = chart.y.invert(at) - line.intercept),
    move: (_, at) => shift(chart.y.invert(at) - grip),
  });
  const handles = ["left", "right"].map((side, i) => {
    const attributes = {
      role: "slider",
      "aria-label": `Score at the ${side} end of the line`,
      "aria-orientation": "vertical",
    };
    const shapes = [svg("circle", { class: "hit", r: 22 }), svg("circle", { class: "grip", r: 8 })];
    return handle(chart, attributes, shapes, {
      move: (_, pixel) => raise(i, chart.y.invert(pixel)),
      nudge: (event) => {
        const steps = stepsOf(event);
        if (steps) raise(i, predict(line, ends[i]) + steps * nudge);
        return steps !== undefined;
      },
    });
  });
  const name = note("own");
  chart.top.append(body, ...handles, name);

  const presets = buttons(figure, "presets", (chosen) => figure.change({ ...figure.presetNamed(chosen) }));
  const knob = (/** @type {string} */ key, digits = 2) =>
    slider(figure, key, { range: ranges[key], digits, change: (value) => figure.change({ [key]: value }) });
  const knobs = { slope: knob("slope"), intercept: knob("intercept"), hour: knob("hour", 0) };
  const numbers = readouts(figure);
  const bar = find(figure, ".bar", HTMLElement);
  find(figure, ".mark-best", HTMLElement).style.left = `${100 * share(lowest)}%`;
  find(figure, ".mark-mean", HTMLElement).style.left = `${100 * share(ofMean)}%`;

  /** Put one end of the line at a score; the other stays where it is, and both in the picture. @type {(i: number, score: number) => void} */
  function raise(i, score) {
    const other = predict(line, ends[1 - i]);
    const slope = clamp((clamp(score, heights) - other) / (ends[i] - ends[1 - i]), ranges.slope);
    const intercept = clamp(other - slope * ends[1 - i], ranges.intercept);
    figure.change({ slope: hundredth(slope), intercept: hundredth(intercept) });
  }

  /** Move the whole line, as far as its ends stay in the picture. @param {number} intercept */
  function shift(intercept) {
    const rises = ends.map((/** @type {number} */ end) => line.slope * end);
    const room = { low: heights.low - Math.min(...rises), high: heights.high - Math.max(...rises) };
    figure.change({ intercept: hundredth(clamp(clamp(intercept, room), ranges.intercept)) });
  }

  /** How much of the bar an error fills: ten times worse than the mean fills it. @param {number} error */
  function share(error) {
    // Rounding can put the best line below itself, and a browser drops a negative width.
    return clamp(Math.log(error / lowest) / Math.log((10 * ofMean) / lowest), { low: 0, high: 1 });
  }

  /** Where to show a handle: at its end of the line, or where the line leaves the picture. @param {number} at */
  function grasp(at) {
    const height = clamp(predict(line, at), heights);
    const cut = predict(line, at) === height ? at : (height - line.intercept) / line.slope;
    return { at: clamp(cut, { low: ends[0], high: ends[1] }), height };
  }

  function judge() {
    const error = meanSquaredError(line, x, y);
    const times = error / lowest;
    if (times < 1 + 1e-9) return "The best line: no other has a smaller error.";
    const worse = error > ofMean * (1 + 1e-9) ? ": worse than always guessing the mean" : "";
    return `${fixed(times, times < 10 ? 2 : 1)} times the best line's error${worse}.`;
  }

  return {
    draw() {
      if (!chart.view(view.x, view.y)) return;
      const [px, py] = [chart.x, chart.y];
      const middle = (view.x[0] + view.x[1]) / 2;
      /** @type {string[]} */
      const stems = [];
      x.forEach((/** @type {number} */ hours, /** @type {number} */ i) => {
        const [at, to, from] = [px(hours), py(y[i]), py(predict(line, hours))];
        const side = Math.abs(to - from);
        // A square stays in the picture when it grows towards the middle.
        const left = hours < middle ? at : at - side;
        set(squares[i], { x: left, y: Math.min(to, from), width: side, height: side });
        set(dots[i], { cx: at, cy: to });
        stems.push(`M${at} ${to}V${from}`);
      });
      const called = figure.preset() ?? "yours";
      figure.dataset.line = called;
      set(residuals, { d: stems.join("") });
      const d = chart.segment(line, ends[0], ends[1]);
      set(drawn, { d });
      set(body, { d });
      ends.forEach((/** @type {number} */ end, /** @type {number} */ i) => {
        const { at, height } = grasp(end);
        const score = predict(line, end);
        set(handles[i], {
          transform: `translate(${px(at)} ${py(height)})`,
          "aria-valuemin": heights.low,
          "aria-valuemax": heights.high,
          "aria-valuenow": Math.round(height),
          "aria-valuetext": `${fixed(score, 0)} points at ${end} hours`,
        });
      });
      const { margin, height } = chart;
      const inside = { low: margin.top + 4, high: height - margin.bottom - 4 };
      set(name, { x: px(ends[1]) + 16, y: clamp(py(predict(line, ends[1])) + 4, inside) });
      name.textContent = called;
      const guessed = predict(line, line.hour);
      set(guide, { d: `M${px(line.hour)} ${py(view.y[0])}V${py(guessed)}H${px(view.x[0])}` });
      set(guess, { cx: px(line.hour), cy: py(guessed) });
      knobs.slope.show(line.slope);
      knobs.intercept.show(line.intercept);
      knobs.hour.show(line.hour);
      presets(called);
      const error = meanSquaredError(line, x, y);
      numbers({
        error: fixed(error, 0),
        score: fixed(score(line, x, y), 3),
        prediction: `${fixed(guessed, 1)} points`,
      });
      bar.style.width = `${100 * share(error)}%`;
      figure.sentence.textContent = judge();
    },
    describe() {
      const said = `Slope ${fixed(line.slope, 2)}, intercept ${fixed(line.intercept, 2)}`;
      return `${said}: mean squared error ${fixed(meanSquaredError(line, x, y), 0)}. ${judge()}`;
    },
    placeholders: () => ({ slope: line.slope, intercept: line.intercept, hour: line.hour }),
  };
});

const hundredth = (/** @type {number} */ value) => Number(value.toFixed(2));
