// Why a valley: shift and scale the hours, and see the loss surface become a bowl or a canyon.

import { Chart, note, set, svg } from "./chart.js";
import { buttons, readouts, slider } from "./control.js";
import { define } from "./figure.js";
import { bestLr, contour, descentPath, epochsTo, paces, stableLr, valley } from "./math.js";
import { epochsInWords, fixed, general, roundedDown } from "./text.js";

const AROUND = 96;

/** @param {number} condition */
const told = (condition) => fixed(condition, condition < 9.95 ? 1 : 0);

define("valley", (figure) => {
  const { x, ranges, steps, rings, tolerance, bowl, canyon } = figure.data;
  const { state } = figure;
  const chart = new Chart(figure, "chart", {
    x: { label: "Intercept", bare: true },
    y: { label: "Slope, to the same scale", bare: true },
    left: 24,
    resized: () => figure.schedule(),
  });
  /** @type {SVGElement[]} */
  const contours = rings.map(() => svg("path", { class: "contour" }));
  const path = svg("path", { class: "path" });
  const dots = Array.from({ length: steps + 1 }, (_, i) =>
    svg("circle", { class: i ? "step" : "step first", r: i ? 3.5 : 5 }),
  );
  const goal = svg("circle", { class: "goal", r: 6 });
  const names = { best: note("best"), start: note("start") };
  chart.plot.append(...contours, path, goal, ...dots, names.best, names.start);
  const presets = buttons(figure, "presets", (name) => figure.change({ ...figure.presetNamed(name) }));
  const knob = (/** @type {string} */ key, /** @type {number} */ digits) =>
    slider(figure, key, { range: ranges[key], digits, change: (value) => figure.change({ [key]: value }) });
  const knobs = { shift: knob("shift", 1), scale: knob("scale", 2) };
  const numbers = readouts(figure);

  function facts() {
    const shape = valley(x.map((/** @type {number} */ hours) => (hours - state.shift) / state.scale));
    const lr = bestLr(shape, 0);
    const { level, steep } = paces(shape, lr, 0);
    const needed = Math.max(epochsTo(level, tolerance), epochsTo(steep, tolerance));
    return { shape, lr, needed, limit: stableLr(shape, 0) };
  }

  function judge(/** @type {number} */ condition) {
    if (condition < bowl) return "A bowl: downhill points to the middle.";
    if (condition < canyon) return "A valley: downhill points across it more than along it.";
    return "A canyon: downhill points at the opposite wall, and hardly along the floor.";
  }

  return {
    draw() {
      const { shape, lr, needed, limit } = facts();
      const { condition } = shape;
      if (!chart.room) return;
      // The longest ring just fits; both axes have the same scale.
      const outer = contour(shape, 1, AROUND);
      const widest = Math.max(...outer.map(({ intercept }) => Math.abs(intercept)));
      const tallest = Math.max(...outer.map(({ slope }) => Math.abs(slope)));
      const [wide, high] = chart.room;
      const unit = 1.08 * Math.max(widest / wide, tallest / high);
      chart.view([-unit * wide, unit * wide], [-unit * high, unit * high]);
      rings.forEach((/** @type {number} */ level, /** @type {number} */ i) => {
        // All rings have one shape.
        const size = Math.sqrt(level);
        const ring = outer.map(({ slope, intercept }) => /** @type {[number, number]} */ ([size * intercept, size * slope]));
        set(contours[i], { d: `${chart.path(ring)}Z` });
      });
      // From the left, at a place that is as far down the walls as along the floor.
      const start = outer[(5 * AROUND) / 8];
      const middle = { slope: 0, intercept: 0 };
      const places = descentPath(shape, middle, 0, start, lr, dots.map((_, i) => i));
      set(path, { d: chart.path(places.map(({ slope, intercept }) => [intercept, slope])) });
      places.forEach(({ slope, intercept }, i) =>
        set(dots[i], { cx: chart.x(intercept), cy: chart.y(slope) }),
      );
      set(goal, { cx: chart.x(0), cy: chart.y(0) });
      set(names.best, { x: chart.x(0) + 10, y: chart.y(0) - 10 });
      set(names.start, { x: chart.x(start.intercept) - 8, y: chart.y(start.slope) + 20 });
      knobs.shift.show(state.shift);
      knobs.scale.show(state.scale);
      presets(figure.preset());
      numbers({
        condition: told(condition),
        limit: general(roundedDown(limit, 3), 3),
        needed: fixed(needed, 0),
      });
      figure.sentence.textContent = judge(condition);
    },
    describe() {
      const { shape, needed } = facts();
      const { condition } = shape;
      const said = `Condition number ${told(condition)}, ${epochsInWords(needed)} to converge`;
      return `${said}. ${judge(condition)}`;
    },
    placeholders: () => ({ shift: state.shift, scale: state.scale }),
  };
});
