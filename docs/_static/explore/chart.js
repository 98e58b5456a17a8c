// Charts in SVG, drawn at the size they have on the screen, so that their text is never scaled.

let count = 0;

// A diverging run leaves any picture: so many pixels away, a browser can no longer draw.
const FAR = 1e5;

/** Make an SVG element. */
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  set(element, attributes);
  element.append(...children);
  return element;
}

export function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

/** Return the function that maps data to pixels, with its inverse. */
function scale([low, high], [from, to], log) {
  const [into, back] = log ? [Math.log, Math.exp] : [(v) => v, (v) => v];
  const [a, b] = [into(low), into(high)];
  const cap = (pixel) => (Number.isNaN(pixel) ? FAR : Math.max(-FAR, Math.min(FAR, pixel)));
  const map = (value) => cap(from + ((into(value) - a) / (b - a)) * (to - from));
  map.invert = (pixel) => back(a + ((pixel - from) / (to - from)) * (b - a));
  return map;
}

/** Return about so many round numbers between low and high. */
function ticks(low, high, about) {
  const rough = (high - low) / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}

function logTicks(low, high, about) {
  const [first, last] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
  const step = Math.max(1, Math.ceil((last - first) / about));
  const powers = [];
  for (let power = first; power <= last; power += step) powers.push(10 ** power);
  return powers;
}

function tickText(value, log) {
  if (value >= 1e4 && log) return `10${superscript(Math.round(Math.log10(value)))}`;
  return String(Number(value.toPrecision(6))).replace("-", "−");
}

const superscript = (n) => [...String(n)].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]).join("");

/**
 * A chart with two axes.
 * label: what it shows, for those who do not see it. x, y: {label, log, about, bare}; a bare axis
 * has no ticks. size: a class of explore.css. resized: called when the chart has a new size.
 * Draw into `plot`, which is clipped, or `top`, which is not, with the scales that `view` sets.
 */
export class Chart {
  constructor({ label, x, y, resized, size = "", left = 52, right = 18 }) {
    this.axes = { x, y };
    this.margin = { left, right, top: 10, bottom: 40 };
    const clip = `explore-clip-${count++}`;
    this.frame = svg("rect");
    this.grid = svg("g", { class: "grid", "aria-hidden": true });
    this.plot = svg("g", { "clip-path": `url(#${clip})`, "aria-hidden": true });
    this.top = svg("g");
    this.node = svg(
      "svg",
      { class: `chart ${size}`, role: "group", "aria-label": label },
      svg("clipPath", { id: clip }, this.frame),
      this.grid,
      this.plot,
      this.top,
    );
    new ResizeObserver(([entry]) => {
      this.width = entry.contentRect.width;
      this.height = entry.contentRect.height;
      this.drawn = "";
      resized();
    }).observe(this.node);
  }

  /** The width and height between the axes, where there is any. */
  get room() {
    const { left, right, top, bottom } = this.margin;
    const room = [this.width - left - right, this.height - top - bottom];
    return room.every((size) => size > 0) && room;
  }

  /** Set what part of the plane is seen; return whether there is a size to draw at. */
  view(xs, ys) {
    if (!this.room) return false;
    const key = [xs, ys].join();
    if (key === this.drawn) return true;
    this.drawn = key;
    const { left, top } = this.margin;
    const [wide, high] = [left + this.room[0], top + this.room[1]];
    this.x = scale(xs, [left, wide], this.axes.x.log);
    this.y = scale(ys, [high, top], this.axes.y.log);
    set(this.frame, { x: left, y: top, width: this.room[0], height: this.room[1] });
    const lines = [];
    const write = (x, y, text, attributes) =>
      lines.push(svg("text", { x, y, ...attributes }, text));
    const marks = ({ log, about = 5, bare }, [low, high]) =>
      bare ? [] : (log ? logTicks : ticks)(low, high, about);
    for (const value of marks(this.axes.x, xs)) {
      const x = this.x(value);
      lines.push(svg("path", { d: `M${x} ${top}V${high}` }));
      write(x, high + 16, tickText(value, this.axes.x.log), { "text-anchor": "middle" });
    }
    for (const value of marks(this.axes.y, ys)) {
      const y = this.y(value);
      lines.push(svg("path", { d: `M${left} ${y}H${wide}` }));
      write(left - 6, y + 4, tickText(value, this.axes.y.log), { "text-anchor": "end" });
    }
    lines.push(svg("path", { class: "axis", d: `M${left} ${top}V${high}H${wide}` }));
    const name = { class: "name", "text-anchor": "middle" };
    write((left + wide) / 2, this.height - 4, this.axes.x.label, name);
    const turn = `translate(13 ${(top + high) / 2}) rotate(-90)`;
    write(0, 0, this.axes.y.label, { ...name, transform: turn });
    this.grid.replaceChildren(...lines);
    return true;
  }

  /** Return the path through the points, given as [x, y] in the units of the axes. */
  path(points) {
    const tenth = (pixel) => Math.round(10 * pixel) / 10;
    return `M${points.map(([x, y]) => `${tenth(this.x(x))} ${tenth(this.y(y))}`).join("L")}`;
  }

  /** Tell whether a place is near enough to the picture for a browser to draw it. */
  reaches([x, y]) {
    return Math.abs(this.x(x)) < FAR && Math.abs(this.y(y)) < FAR;
  }

  /** Return the path of a line across the chart, from one x to another. */
  segment(line, from, to) {
    return this.path([from, to].map((x) => [x, line.slope * x + line.intercept]));
  }
}

/**
 * Make something to take hold of, by mouse, touch or arrow keys.
 * move: called with the pointer's place in pixels. nudge: called with the steps of the keys, right
 * and up. start: called when it is taken.
 */
export function handle(chart, attributes, shapes, { move, nudge, start = () => {} }) {
  const node = svg("g", { class: "handle", tabindex: 0, role: "slider", ...attributes }, ...shapes);
  hold(chart, node, { move, start });
  node.addEventListener("focus", start);
  node.addEventListener("keydown", (event) => {
    const far = event.shiftKey ? 10 : 1;
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    if (!way[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    nudge(...way[event.key].map((step) => step * far));
  });
  return node;
}

/** Let the pointer drag a node. */
export function hold(chart, node, { move, start }) {
  const place = (event) => {
    const box = chart.node.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  node.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    // No text is selected on the way, and no older mouse event follows.
    event.preventDefault();
    node.setPointerCapture(event.pointerId);
    node.focus({ preventScroll: true });
    start(...place(event));
  });
  // Chromium does not heed touch-action inside an SVG: a finger on a handle would scroll the page.
  node.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
  node.addEventListener("pointermove", (event) => {
    if (node.hasPointerCapture(event.pointerId)) move(...place(event));
  });
}
