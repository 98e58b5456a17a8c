// The three charts of "Train it": the line among the students, the map of all lines, the loss.

import { Chart, note, set, svg } from "./chart.js";
import { kept } from "./kept.js";
import { contour } from "./math.js";

/** @typedef {import("./run.js").Run} Run */
/** @typedef {import("./float32.js").Place} Place */
/** @typedef {import("./figure.js").Figure} Figure */
/** @typedef {[number, number]} Pair */

/** @param {Figure} figure */
export function dataChart(figure) {
  const { x, y, view, xLabel, yLabel } = figure.data;
  const chart = new Chart(figure, "data", {
    x: { label: xLabel, about: 4 },
    y: { label: yLabel, about: 5 },
    resized: () => figure.schedule(),
  });
  const best = svg("path", { class: "line best" });
  const line = svg("path", { class: "line trained" });
  /** @type {SVGElement[]} */
  const dots = x.map(() => svg("circle", { class: "score", r: 4 }));
  const names = { best: note("best"), trained: note("trained") };
  const gone = note("trained", "");
  chart.plot.append(best, line, ...dots, names.best, names.trained, gone);
  return (/** @type {Run} */ run, /** @type {Place} */ now) => {
    if (!chart.view(view.x, view.y)) return;
    const [reached, goal] = [run.back(now), run.back(run.best)];
    const last = x[x.length - 1];
    x.forEach((/** @type {number} */ hours, /** @type {number} */ i) =>
      set(dots[i], { cx: chart.x(hours), cy: chart.y(y[i]) }),
    );
    set(best, { d: chart.segment(goal, 0, last) });
    set(line, { d: chart.segment(reached, 0, last) });
    set(names.best, { x: chart.x(0) + 6, y: chart.y(goal.intercept) - 15 });
    const heights = [0, last].map((at) => reached.slope * at + reached.intercept);
    // The name stands under the line, where the students leave it room.
    const height = heights[0] + 0.25 * (heights[1] - heights[0]);
    const apart = Math.abs(chart.y(heights[0]) - chart.y(goal.intercept)) > 24;
    const seen = height > view.y[0] && height < view.y[1];
    set(names.trained, {
      x: chart.x(0.25 * last) + 4,
      y: chart.y(height) + 20,
      visibility: seen && apart ? "visible" : "hidden",
    });
    // A line that has left says where it is, at the edge over which it went.
    const [low, high] = view.y;
    const above = heights.every((end) => end >= high);
    const below = heights.every((end) => end <= low);
    gone.textContent = above ? "↑ trained: off the chart" : below ? "↓ trained: off the chart" : "trained: no number any more";
    set(gone, {
      x: chart.x(0.5 * last),
      y: above ? chart.y(high) + 16 : chart.y(low) - 10,
      "text-anchor": "middle",
      visibility: above || below || heights.some(Number.isNaN) ? "visible" : "hidden",
    });
  };
}

/** @param {Figure} figure */
export function mapChart(figure) {
  const { begin } = figure.data;
  /** @type {number[]} */
  const shares = figure.data.rings;
  const chart = new Chart(figure, "map", {
    x: { label: "Intercept", about: 3 },
    y: { label: "Slope", about: 5 },
    resized: () => figure.schedule(),
  });
  const rings = shares.map(() => svg("path", { class: "contour" }));
  const path = svg("path", { class: "path" });
  const goal = svg("circle", { class: "goal", r: 6 });
  const first = svg("circle", { class: "step first", r: 5 });
  const here = svg("circle", { class: "step", r: 5 });
  const names = { best: note("best"), start: note("start") };
  chart.plot.append(...rings, goal, path, first, here, names.best, names.start);

  const drawRings = kept((/** @type {Run["unit"]} */ _unit, /** @type {number} */ _wide, /** @type {number} */ _high, /** @type {Run} */ run) => {
    const above = run.loss(begin) - run.lowest;
    shares.forEach((share, i) => {
      const points = contour(run.shape, share * above, 90).map(
        ({ slope, intercept }) => /** @type {Pair} */ ([run.best.intercept + intercept, run.best.slope + slope]),
      );
      set(rings[i], { d: `${chart.path(points)}Z` });
    });
  });

  /** The picture holds the start, the best line, and where the path meets the valley's floor. @param {Run} run @param {Pair} room */
  function viewOf({ shape, best }, room) {
    const square = shape.variance + shape.mean ** 2;
    const floor = best.slope + ((best.intercept - begin.intercept) * shape.mean) / square;
    let xs = extent([begin.intercept, best.intercept]);
    let ys = extent([begin.slope, best.slope, floor]);
    // A round bowl looks round; the longer a valley, the more it is stretched to show its floor.
    const round = (Math.sqrt(square) * room[0]) / room[1];
    const stretched = round / shape.condition ** 0.1;
    const [wide, high] = [xs[1] - xs[0], ys[1] - ys[0]];
    if (wide < stretched * high) xs = widened(xs, stretched * high);
    else if (high < wide / round) ys = widened(ys, wide / round);
    return /** @type {const} */ ([widened(xs, 1.4 * (xs[1] - xs[0])), widened(ys, 1.4 * (ys[1] - ys[0]))]);
  }

  return (/** @type {Run} */ run, /** @type {Place} */ now, /** @type {Place[]} */ places) => {
    if (!chart.room) return;
    chart.view(...viewOf(run, chart.room));
    drawRings(run.unit, chart.width, chart.height, run);
    const points = places.map(({ slope, intercept }) => /** @type {Pair} */ ([intercept, slope]));
    const out = points.findIndex((point) => !chart.reaches(point));
    set(path, { d: chart.path(out > 0 ? points.slice(0, out) : points) });
    // A run to and fro would paint the map; only where it goes is told by its later part.
    path.classList.toggle("swinging", swings(points));
    set(goal, { cx: chart.x(run.best.intercept), cy: chart.y(run.best.slope) });
    set(names.best, { x: chart.x(run.best.intercept) + 10, y: chart.y(run.best.slope) - 9 });
    set(first, { cx: chart.x(begin.intercept), cy: chart.y(begin.slope) });
    set(names.start, { x: chart.x(begin.intercept) + 9, y: chart.y(begin.slope) + 16 });
    set(here, { cx: chart.x(now.intercept), cy: chart.y(now.slope) });
  };
}

/** Tell whether a path turns back at most of its steps. @param {Pair[]} points */
function swings(points) {
  let turns = 0;
  for (let i = 2; i < points.length; i++) {
    if ((points[i][1] - points[i - 1][1]) * (points[i - 1][1] - points[i - 2][1]) < 0) turns++;
  }
  return turns > 20;
}

/** @param {Figure} figure */
export function lossChart(figure) {
  const chart = new Chart(figure, "loss", {
    x: { label: "Epoch", log: true, about: 6 },
    y: { label: "Loss", log: true, about: 4 },
    resized: () => figure.schedule(),
  });
  const floor = svg("path", { class: "floor" });
  const guess = svg("path", { class: "guide" });
  const envelope = svg("path", { class: "envelope" });
  const curve = svg("path", { class: "path" });
  const here = svg("circle", { class: "step", r: 5 });
  const names = { best: note("best"), mean: note("mean"), bound: note("bound", "at most") };
  // The bound lies on the curve where it is exact, and must be seen there too.
  chart.plot.append(floor, guess, curve, envelope, here, names.best, names.mean, names.bound);

  const drawBound = kept((/** @type {Run} */ run, /** @type {number} */ _wide, /** @type {number} */ _high) => {
    const scale = run.unit.yScale ** 2;
    const points = run.path
      .map(({ epoch }) => /** @type {Pair} */ ([place(epoch), run.bound(epoch) * scale]))
      .filter(([, loss]) => Number.isFinite(loss));
    set(envelope, { d: points.length ? chart.path(points) : "" });
    const named = points[Math.floor(points.length / 2)];
    set(names.bound, named ? { x: chart.x(named[0]) + 6, y: chart.y(named[1]) - 8, visibility: "visible" } : { visibility: "hidden" });
  });

  return (/** @type {Run} */ run, /** @type {Place} */ now, /** @type {Place[]} */ places) => {
    const scale = run.unit.yScale ** 2;
    const lowest = run.lowest * scale;
    /** @type {Pair} */
    const ends = [LEFT, 1.1 * figure.state.epochs];
    if (!chart.view(ends, [lowest * 0.6, run.loss(figure.data.begin) * scale * 30])) return;
    const seen = places
      .map((at) => /** @type {Pair} */ ([place(at.epoch), run.loss(at) * scale]))
      .filter(([, loss]) => Number.isFinite(loss));
    set(curve, { d: chart.path(seen) });
    set(here, { cx: chart.x(place(now.epoch)), cy: chart.y(run.loss(now) * scale) });
    const across = (/** @type {number} */ loss) => chart.path([[ends[0], loss], [ends[1], loss]]);
    const mean = lowest / (1 - run.best.rSquared);
    set(floor, { d: across(lowest) });
    set(guess, { d: across(mean) });
    set(names.best, { x: chart.x(LEFT) + 6, y: chart.y(lowest) - 5 });
    set(names.mean, { x: chart.x(LEFT) + 6, y: chart.y(mean) - 5 });
    drawBound(run, chart.width, chart.height);
  };
}

// No logarithm has a place for epoch 0: it stands at the left end.
const LEFT = 0.7;
const place = (/** @type {number} */ epoch) => Math.max(epoch, LEFT);

/** @type {(values: number[]) => Pair} */
const extent = (values) => [Math.min(...values), Math.max(...values)];

/** @type {(ends: Pair, width: number) => Pair} */
const widened = ([low, high], width) => [(low + high - width) / 2, (low + high + width) / 2];
