// The controls that the page holds already, found and brought to life.

import { clamp, evenly } from "./text.js";

/** @typedef {import("./text.js").Range} Range */

/**
 * Return the one element of this kind, which must be there.
 * @template {Element} T
 * @param {ParentNode} root @param {string} selector @param {new () => T} kind @returns {T}
 */
export function find(root, selector, kind) {
  const found = root.querySelector(selector);
  if (!(found instanceof kind)) throw new Error(`the page has no ${selector} for this figure`);
  return found;
}

/** @param {ParentNode} root @param {string} name @param {() => void} press */
export function button(root, name, press) {
  const node = find(root, `button[data-name="${name}"]`, HTMLButtonElement);
  node.addEventListener("click", press);
  return node;
}

/** Return a function that puts texts into the readouts, by name. @param {ParentNode} root */
export const readouts = (root) => (/** @type {Record<string, string>} */ texts) => {
  for (const [name, text] of Object.entries(texts)) {
    find(root, `.value-${name}`, HTMLElement).textContent = text;
  }
};

/** What a key adds to a value, in steps; Home and End lead to the ends. @type {Record<string, number>} */
const KEYS = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageDown: -10,
  PageUp: 10,
  Home: -Infinity,
  End: Infinity,
};

/** Return how many steps a key event asks for, or nothing. @param {KeyboardEvent} event */
export function stepsOf({ key, shiftKey, ctrlKey, metaKey, altKey }) {
  if (ctrlKey || metaKey || altKey || !(key in KEYS)) return undefined;
  return KEYS[key] * (shiftKey ? 10 : 1);
}

/**
 * A slider with a field to type the exact value.
 * range: where log is true, a key multiplies by step. change: called with the new value.
 * @param {ParentNode} root @param {string} name
 * @param {{range: Range, digits: number, change: (value: number) => void}} options
 */
export function slider(root, name, { range, digits, change }) {
  const node = find(root, `.slider[data-name="${name}"]`, HTMLElement);
  const field = find(node, "input[type=number]", HTMLInputElement);
  const thumb = find(node, "input[type=range]", HTMLInputElement);
  const { log, step } = range;
  const { into, back } = evenly(log);
  const write = (/** @type {number} */ value) =>
    String(Number(log ? value.toPrecision(6) : value.toFixed(digits)));
  let ends = { low: range.low, high: range.high };
  let shown = range.low;
  const limit = (/** @type {{low: number, high: number}} */ { low, high }) => {
    ends = { low, high };
    Object.assign(field, { min: String(low), max: String(high) });
    Object.assign(thumb, { min: String(into(low)), max: String(into(high)) });
  };
  limit(ends);
  thumb.step = log ? "any" : String(step);
  if (log) {
    // A browser would move a hundredth of the way, whatever that is worth.
    thumb.addEventListener("keydown", (event) => {
      const steps = stepsOf(event);
      if (steps === undefined) return;
      event.preventDefault();
      // In as many digits as the field shows.
      const value = clamp(Number((back(Number(thumb.value)) * step ** steps).toPrecision(6)), ends);
      // The next key may come before the next frame shows the state.
      thumb.value = String(into(value));
      change(value);
    });
  }
  thumb.addEventListener("input", () => {
    const value = back(Number(thumb.value));
    change(clamp(log ? Number(value.toPrecision(3)) : value, ends));
  });
  // A value that was not rounded stays as it was typed.
  const put = () => {
    if (field.value === "" || Number(field.value) !== shown) field.value = write(shown);
  };
  let typing = false;
  const take = () => {
    // The browser says what is wrong with a value, and the figure stays as it is.
    if (!typing || !field.reportValidity()) return;
    typing = false;
    shown = Number(field.value);
    change(shown);
  };
  field.addEventListener("input", () => {
    typing = true;
  });
  field.addEventListener("change", take);
  // To the browser it is no change to type what is there, which may be a rounded value.
  field.addEventListener("keydown", ({ key }) => {
    if (key === "Enter") take();
  });
  field.addEventListener("blur", () => {
    if (field.validity.valid) take();
    typing = false;
    put();
  });
  return {
    /** @param {number} value */
    show(value) {
      shown = value;
      // What the reader is typing stays, whatever moves meanwhile.
      if (!typing) put();
      thumb.value = String(into(value));
      thumb.setAttribute("aria-valuetext", `${write(value)} ${node.dataset.unit ?? ""}`.trim());
    },
    limit,
    /** @param {boolean} on */
    enable(on) {
      field.disabled = thumb.disabled = !on;
    },
    /** How far along the slider a value is, from 0 to 1. @param {number} value */
    share: (value) =>
      (into(clamp(value, ends)) - into(ends.low)) / (into(ends.high) - into(ends.low)),
  };
}

/**
 * A row of buttons, of which the one that describes the state is pressed.
 * @param {ParentNode} root @param {string} name @param {(name: string) => void} choose
 */
export function buttons(root, name, choose) {
  const nodes = [...find(root, `.buttons[data-name="${name}"]`, HTMLElement).querySelectorAll("button")];
  for (const node of nodes) node.addEventListener("click", () => choose(node.dataset.name ?? ""));
  return (/** @type {string | undefined} */ pressed) => {
    for (const node of nodes) node.setAttribute("aria-pressed", String(node.dataset.name === pressed));
  };
}

/**
 * One choice of a few, as radio buttons.
 * @param {ParentNode} root @param {string} name @param {(name: string) => void} choose
 */
export function choice(root, name, choose) {
  const inputs = [...find(root, `.choice[data-name="${name}"]`, HTMLElement).querySelectorAll("input")];
  for (const input of inputs) input.addEventListener("change", () => choose(input.value));
  return (/** @type {string} */ chosen) => {
    for (const input of inputs) input.checked = input.value === chosen;
  };
}
