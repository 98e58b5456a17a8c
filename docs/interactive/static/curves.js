// Why not a curve: choose the degree, and see the errors on known and on new students.

import { Chart, note, set, svg } from "./chart.js";
import { readouts, slider } from "./control.js";
import { define } from "./figure.js";
import { clamp, fixed } from "./text.js";

/** @typedef {[number, number]} Pair */
/** @typedef {{scores: number[], known: number, new: number | null, answer: number, words: string}} Curve */

define("curves", (figure) => {
  const { x, y, view, asked, hours, errors, ranges, xLabel, yLabel } = figure.data;
  /** @type {Curve[]} */
  const curves = figure.data.curves;
  const state = /** @type {{degree: number}} */ (figure.state);
  const resized = () => figure.schedule();
  const chart = new Chart(figure, "curve", { x: { label: xLabel, about: 5 }, y: { label: yLabel }, resized });
  const drawn = svg("path", { class: "path" });
  /** @type {SVGElement[]} */
  const dots = x.map(() => svg("circle", { class: "score", r: 4 }));
  const guide = svg("path", { class: "guide" });
  const guess = svg("circle", { class: "step", r: 5 });
  const answer = note("answer");
  chart.plot.append(guide, drawn, ...dots, guess, answer);

  const losses = new Chart(figure, "errors", {
    x: { label: "Degree", about: curves.length },
    y: { label: "Error", log: true, about: 5 },
    resized,
  });
  const here = svg("path", { class: "guide" });
  const known = { path: svg("path", { class: "line" }), dots: curves.map(() => svg("circle", { class: "score", r: 4 })) };
  const fresh = { path: svg("path", { class: "path" }), dots: curves.map(() => svg("circle", { class: "step", r: 4 })) };
  const names = { known: note("known", "known students"), fresh: note("fresh", "new students") };
  losses.plot.append(here, known.path, fresh.path, ...known.dots, ...fresh.dots, names.known, names.fresh);

  const knob = slider(figure, "degree", {
    range: ranges.degree,
    digits: 0,
    change: (value) => figure.change({ degree: Math.round(clamp(value, ranges.degree)) }),
  });
  const numbers = readouts(figure);
  const errorOf = (/** @type {number | null} */ error) => (error === null ? "open" : fixed(error, 2));
  const says = () => `${fixed(curves[state.degree].answer, 1)} points`;

  function drawCurve() {
    if (!chart.view(view.x, view.y)) return;
    const { scores, answer: height } = curves[state.degree];
    set(drawn, { d: chart.path(hours.map((/** @type {number} */ at, /** @type {number} */ i) => [at, scores[i]])) });
    x.forEach((/** @type {number} */ at, /** @type {number} */ i) => set(dots[i], { cx: chart.x(at), cy: chart.y(y[i]) }));
    set(guide, { d: chart.path([[asked, view.y[0]], [asked, view.y[1]]]) });
    // An answer outside the picture is marked at the edge where it left.
    const [low, high] = view.y;
    set(guess, { cx: chart.x(asked), cy: chart.y(clamp(height, { low, high })) });
    set(answer, { x: chart.x(asked) - 9, y: chart.y(low) - 10, "text-anchor": "end" });
    answer.textContent = `${fixed(height, 0)} at ${asked} hours`;
  }

  function drawErrors() {
    if (!losses.view(errors.x, errors.y)) return;
    // No logarithm has a place for no error: the curve leads out of the picture.
    const floor = errors.y[0] / 10;
    const places = curves.map(({ known: error }, degree) => /** @type {Pair} */ ([degree, error || floor]));
    const others = curves.flatMap(({ new: error }, degree) => (error === null ? [] : [/** @type {Pair} */ ([degree, error])]));
    for (const [{ path, dots: circles }, points] of /** @type {const} */ ([[known, places], [fresh, others]])) {
      set(path, { d: losses.path(points) });
      circles.forEach((circle, degree) => {
        const point = points[degree];
        if (point) set(circle, { cx: losses.x(point[0]), cy: losses.y(point[1]), r: degree === state.degree ? 7 : 4 });
        circle.style.display = point ? "" : "none";
      });
    }
    set(here, { d: losses.path([[state.degree, errors.y[0]], [state.degree, errors.y[1]]]) });
    // Each name stands under or over its curve, in the middle.
    const middle = Math.floor(curves.length / 2);
    const x = losses.x(middle);
    set(names.known, { x, y: losses.y(places[middle][1]) + 22, "text-anchor": "middle" });
    set(names.fresh, { x: x - 8, y: losses.y(others[middle][1]) - 10, "text-anchor": "end" });
  }

  return {
    draw() {
      const curve = curves[state.degree];
      drawCurve();
      drawErrors();
      knob.show(state.degree);
      numbers({ known: errorOf(curve.known), new: errorOf(curve.new), answer: says() });
      figure.sentence.textContent = curve.words;
    },
    describe: () => `Degree ${state.degree}. ${curves[state.degree].words} For ${asked} hours it says ${says()}.`,
    read: ({ degree }) => {
      const wanted = Math.round(Number(degree));
      return degree?.trim() && Number.isFinite(wanted) ? { degree: clamp(wanted, ranges.degree) } : {};
    },
    placeholders: () => ({ degree: state.degree }),
  };
});
