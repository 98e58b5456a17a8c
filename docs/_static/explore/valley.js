// Why a valley: shift and scale the hours, and see the loss surface become a bowl or a canyon.

import { Chart, set, svg } from "./chart.js";
import { buttons, fixed, html, readouts, row, short, slider } from "./control.js";
import { Figure } from "./figure.js";
import { bestLr, contour, descentPath, epochsTo, paces, stableLr, valley } from "./math.js";

const AROUND = 96;

class WhyAValley extends Figure {
  build() {
    const { ranges, presets } = this.data;
    this.chart = new Chart({
      label: "Contours of the loss around the best line, and the first epochs of training",
      x: { label: "Intercept", bare: true },
      y: { label: "Slope, to the same scale", bare: true },
      left: 24,
      size: "map",
      resized: () => this.schedule(),
    });
    this.rings = this.data.rings.map(() => svg("path", { class: "contour" }));
    this.way = svg("path", { class: "way" });
    this.steps = Array.from({ length: this.data.steps + 1 }, (_, i) =>
      svg("circle", { class: i ? "step" : "step first", r: i ? 3.5 : 5 }),
    );
    this.goal = svg("circle", { class: "goal", r: 6 });
    this.chart.plot.append(...this.rings, this.way, this.goal, ...this.steps);
    this.presets = buttons("Units of the hours", presets, (name) => this.choose(name));
    const knob = (label, key, digits) =>
      slider({ label, range: ranges[key], digits, change: (v) => this.change({ [key]: v }) });
    this.knobs = {
      shift: knob("Subtract from the hours", "shift", 1),
      scale: knob("Then divide by", "scale", 2),
    };
    this.numbers = readouts([
      { name: "condition", label: "Condition number" },
      { name: "limit", label: "Largest stable lr" },
      { name: "needed", label: "Epochs to converge" },
    ]);
    this.words = html("p", { className: "words" });
    return [
      this.presets.node,
      this.chart.node,
      row(this.knobs),
      this.numbers.node,
      this.words,
    ];
  }

  shape() {
    const { shift, scale } = this.state;
    return valley(this.data.x.map((hours) => (hours - shift) / scale));
  }

  facts(shape) {
    const lr = bestLr(shape, 0);
    const { level, steep } = paces(shape, lr, 0);
    const needed = Math.max(epochsTo(level, this.data.tolerance), epochsTo(steep, this.data.tolerance));
    return { lr, needed, limit: stableLr(shape, 0) };
  }

  draw() {
    const shape = this.shape();
    const { lr, needed, limit } = this.facts(shape);
    if (!this.chart.room) return;
    // The longest ring just fits; both axes have the same scale.
    const outer = contour(shape, 1, AROUND);
    const widest = Math.max(...outer.map(({ intercept }) => Math.abs(intercept)));
    const tallest = Math.max(...outer.map(({ slope }) => Math.abs(slope)));
    const [wide, high] = this.chart.room;
    const unit = 1.08 * Math.max(widest / wide, tallest / high);
    this.chart.view([-unit * wide, unit * wide], [-unit * high, unit * high]);
    this.data.rings.forEach((level, i) => {
      // All rings have one shape.
      const size = Math.sqrt(level);
      const ring = outer.map(({ slope, intercept }) => [size * intercept, size * slope]);
      set(this.rings[i], { d: `${this.chart.path(ring)}Z` });
    });
    // From a place on the outer ring that is as far down the walls as along the floor.
    const start = outer[AROUND / 8];
    const middle = { slope: 0, intercept: 0 };
    const path = descentPath(shape, middle, 0, start, { lr, momentum: 0 }, this.steps.map((_, i) => i));
    set(this.way, { d: this.chart.path(path.map(({ slope, intercept }) => [intercept, slope])) });
    path.forEach(({ slope, intercept }, i) =>
      set(this.steps[i], { cx: this.chart.x(intercept), cy: this.chart.y(slope) }),
    );
    set(this.goal, { cx: this.chart.x(0), cy: this.chart.y(0) });
    for (const [key, knob] of Object.entries(this.knobs)) knob.show(this.state[key]);
    this.presets.show(this.preset());
    this.numbers.show({
      condition: fixed(shape.condition, shape.condition < 9.95 ? 1 : 0),
      limit: short(limit),
      needed: fixed(needed, 0),
    });
    this.words.textContent = this.judge(shape);
  }

  judge({ condition }) {
    const { bowl, canyon } = this.data;
    if (condition < bowl) return "A bowl: downhill points to the middle.";
    if (condition < canyon) return "A valley: downhill points across it more than along it.";
    return "A canyon: downhill points at the opposite wall, and hardly along the floor.";
  }

  describe() {
    const shape = this.shape();
    const { needed } = this.facts(shape);
    const epochs = needed === 1 ? "1 epoch" : `${fixed(needed, 0)} epochs`;
    return `Condition number ${fixed(shape.condition, 0)}, ${epochs} to converge. ${this.judge(shape)}`;
  }

  placeholders() {
    const { shift, scale } = this.state;
    return { shift, scale };
  }
}

customElements.define("explore-valley", WhyAValley);
