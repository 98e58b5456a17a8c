// Charts in SVG, drawn at the size they have on the screen, so that their text is never scaled.

import { find, stepsOf } from "./control.js";
import { evenly, logTicks, ticks, tickText } from "./text.js";

/** @typedef {{label: string, log?: boolean, about?: number, bare?: boolean}} Axis */
/** @typedef {((value: number) => number) & {invert: (pixel: number) => number}} Scale */
/** @typedef {[number, number]} Pair */
/** @typedef {{move: (x: number, y: number) => void, start?: (x: number, y: number) => void}} Hold */

let count = 0;

// A diverging run leaves any picture: so many pixels away, a browser can no longer draw.
const FAR = 1e5;

/**
 * Make an SVG element.
 * @template {keyof SVGElementTagNameMap} T
 * @param {T} tag @param {Record<string, string | number>} attributes @param {Element[]} children
 */
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  set(element, attributes);
  element.append(...children);
  return element;
}

/** @param {Element} element @param {Record<string, string | number>} attributes */
export function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
}

/** Make a label in a chart. @param {string} name @param {string} text */
export function note(name, text = name) {
  const node = svg("text", { class: `note ${name}` });
  node.textContent = text;
  return node;
}

/** Return the function that maps data to pixels, with its inverse. @type {(values: Pair, pixels: Pair, log?: boolean) => Scale} */
function scale([low, high], [from, to], log) {
  const { into, back } = evenly(log);
  const [a, b] = [into(low), into(high)];
  const cap = (/** @type {number} */ pixel) =>
    Number.isNaN(pixel) ? FAR : Math.max(-FAR, Math.min(FAR, pixel));
  const map = (/** @type {number} */ value) => cap(from + ((into(value) - a) / (b - a)) * (to - from));
  const invert = (/** @type {number} */ pixel) => back(a + ((pixel - from) / (to - from)) * (b - a));
  return Object.assign(map, { invert });
}

/**
 * A chart with two axes; a bare axis has no ticks. resized: called when the chart has a new size.
 * Draw into `plot`, which is clipped, or `top`, which is not, with the scales that `view` sets.
 */
export class Chart {
  /**
   * @param {ParentNode} root @param {string} name
   * @param {{x: Axis, y: Axis, resized: () => void, left?: number, right?: number}} options
   */
  constructor(root, name, { x, y, resized, left = 56, right = 18 }) {
    this.axes = { x, y };
    this.margin = { left, right, top: 10, bottom: 44 };
    this.width = this.height = 0;
    this.x = this.y = scale([0, 1], [0, 1]);
    const clip = `explore-clip-${count++}`;
    this.frame = svg("rect");
    this.grid = svg("g", { class: "grid", "aria-hidden": "true" });
    this.plot = svg("g", { "clip-path": `url(#${clip})`, "aria-hidden": "true" });
    this.top = svg("g");
    this.node = find(root, `.chart[data-name="${name}"]`, SVGSVGElement);
    this.node.append(svg("clipPath", { id: clip }, this.frame), this.grid, this.plot, this.top);
    new ResizeObserver(([entry]) => {
      this.width = entry.contentRect.width;
      this.height = entry.contentRect.height;
      this.drawn = undefined;
      resized();
    }).observe(this.node);
  }

  /** The width and height between the axes, where there is any. @returns {Pair | undefined} */
  get room() {
    const { left, right, top, bottom } = this.margin;
    const [wide, high] = [this.width - left - right, this.height - top - bottom];
    return wide > 0 && high > 0 ? [wide, high] : undefined;
  }

  /** Set what part of the plane is seen; return whether there is a size to draw at. @type {(xs: Pair, ys: Pair) => boolean} */
  view(xs, ys) {
    const { room } = this;
    if (!room) return false;
    const seen = [...xs, ...ys];
    if (this.drawn?.every((end, i) => end === seen[i])) return true;
    this.drawn = seen;
    const { left, top } = this.margin;
    const [wide, high] = [left + room[0], top + room[1]];
    this.x = scale(xs, [left, wide], this.axes.x.log);
    this.y = scale(ys, [high, top], this.axes.y.log);
    set(this.frame, { x: left, y: top, width: room[0], height: room[1] });
    /** @type {Element[]} */
    const lines = [];
    const write = (
      /** @type {number} */ x,
      /** @type {number} */ y,
      /** @type {string} */ text,
      /** @type {Record<string, string>} */ attributes,
    ) => {
      const node = svg("text", { x, y, ...attributes });
      node.textContent = text;
      lines.push(node);
    };
    const marks = (/** @type {Axis} */ { log, about = 5, bare }, /** @type {Pair} */ [low, high]) =>
      bare ? [] : (log ? logTicks : ticks)(low, high, about);
    for (const value of marks(this.axes.x, xs)) {
      const x = this.x(value);
      lines.push(svg("path", { d: `M${x} ${top}V${high}` }));
      write(x, high + 17, tickText(value, this.axes.x.log), { "text-anchor": "middle" });
    }
    for (const value of marks(this.axes.y, ys)) {
      const y = this.y(value);
      lines.push(svg("path", { d: `M${left} ${y}H${wide}` }));
      write(left - 6, y + 4, tickText(value, this.axes.y.log), { "text-anchor": "end" });
    }
    lines.push(svg("path", { class: "axis", d: `M${left} ${top}V${high}H${wide}` }));
    const name = { class: "name", "text-anchor": "middle" };
    write((left + wide) / 2, this.height - 5, this.axes.x.label, name);
    const turn = `translate(13 ${(top + high) / 2}) rotate(-90)`;
    write(0, 0, this.axes.y.label, { ...name, transform: turn });
    this.grid.replaceChildren(...lines);
    return true;
  }

  /** Show neither axes nor names, as where there is nothing to draw. */
  clear() {
    this.grid.replaceChildren();
    this.drawn = undefined;
  }

  /** Return the path through the points, given as [x, y] in the units of the axes. @param {Pair[]} points */
  path(points) {
    const tenth = (/** @type {number} */ pixel) => Math.round(10 * pixel) / 10;
    return `M${points.map(([x, y]) => `${tenth(this.x(x))} ${tenth(this.y(y))}`).join("L")}`;
  }

  /** Tell whether a place is near enough to the picture for a browser to draw it. @param {Pair} place */
  reaches([x, y]) {
    return Math.abs(this.x(x)) < FAR && Math.abs(this.y(y)) < FAR;
  }

  /** Return the path of a line across the chart, from one x to another. @type {(line: import("./math.js").Line, from: number, to: number) => string} */
  segment(line, from, to) {
    return this.path([from, to].map((x) => [x, line.slope * x + line.intercept]));
  }
}

/**
 * Make something to take hold of, by mouse, touch or keys.
 * move: called with the pointer's place in pixels. start: called when it is taken.
 * nudge: called with a key event; returns whether it was one to heed.
 * @param {Chart} chart @param {Record<string, string>} attributes @param {Element[]} shapes
 * @param {Hold & {nudge: (event: KeyboardEvent) => boolean}} actions
 */
export function handle(chart, attributes, shapes, { move, nudge, start = () => {} }) {
  const node = svg("g", { class: "handle", tabindex: 0, ...attributes }, ...shapes);
  hold(chart, node, { move, start });
  node.addEventListener("focus", () => start(0, 0));
  node.addEventListener("keydown", (event) => {
    if (nudge(event)) event.preventDefault();
  });
  return node;
}

/** How many steps right and up an arrow key asks for, or nothing. @param {KeyboardEvent} event */
export function arrow(event) {
  const steps = stepsOf(event);
  if (!steps || !event.key.startsWith("Arrow")) return undefined;
  return /** @type {Pair} */ (/Up|Down/.test(event.key) ? [0, steps] : [steps, 0]);
}

/** Let the pointer drag a node. @type {(chart: Chart, node: SVGElement, actions: Hold) => void} */
export function hold(chart, node, { move, start = () => {} }) {
  const place = (/** @type {PointerEvent} */ event) => {
    const box = chart.node.getBoundingClientRect();
    return /** @type {const} */ ([event.clientX - box.left, event.clientY - box.top]);
  };
  node.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    // No text is selected on the way, and no older mouse event follows.
    event.preventDefault();
    node.setPointerCapture(event.pointerId);
    // A browser would take a focus that a script sets for one by keyboard, and ring it.
    node.classList.add("held");
    node.addEventListener("blur", () => node.classList.remove("held"), { once: true });
    node.addEventListener("keydown", () => node.classList.remove("held"), { once: true });
    node.focus({ preventScroll: true });
    start(...place(event));
  });
  // Chromium does not heed touch-action inside an SVG: a finger on a handle would scroll the page.
  node.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
  node.addEventListener("pointermove", (event) => {
    if (node.hasPointerCapture(event.pointerId)) move(...place(event));
  });
}
