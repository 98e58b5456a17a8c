// Labelled controls of the page's own kind, and what shows numbers.

let count = 0;

/** Make an HTML element with these properties; those with a dash are attributes. */
export function html(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-") || name === "role") element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children);
  return element;
}

const formats = new Map();

/** Write a number with so many decimals, as the pages do; one that has run away, with its power. */
export function fixed(value, digits) {
  if (!Number.isFinite(value)) return "beyond all numbers";
  if (Math.abs(value) >= 1e8) return value.toExponential(1).replace("e+", "e").replace("-", "−");
  if (!formats.has(digits)) {
    const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
    formats.set(digits, new Intl.NumberFormat("en-GB", options));
  }
  return formats.get(digits).format(value).replace(/^-/, "−");
}

/** Write a number with three significant digits, as Python's format .3g does. */
export const short = (value) => String(Number(value.toPrecision(3))).replace("-", "−");

export const clamp = (value, { low, high }) => Math.max(low, Math.min(high, value));

/**
 * A slider with a field to type the exact value.
 * range: {low, high, step, log}; where log is true, a key multiplies by step. unit: beside the label.
 * change: called with the new value. Returns its node, and `show`, which sets both.
 */
export function slider({ label, unit = "", range, digits, change, extra = [] }) {
  const { low, high, step, log } = range;
  const [into, back] = log ? [Math.log, Math.exp] : [(v) => v, (v) => v];
  const id = `explore-input-${count++}`;
  const write = (value) => String(Number(log ? value.toPrecision(6) : value.toFixed(digits)));
  const name = html("label", { htmlFor: id, id: `${id}-label` }, label);
  if (unit) name.append(html("span", { className: "unit" }, ` (${unit})`));
  const field = html("input", { type: "number", id, min: low, max: high, step: "any", required: true });
  const thumb = html("input", {
    type: "range",
    min: into(low),
    max: into(high),
    step: log ? "any" : step,
    "aria-labelledby": `${id}-label`,
  });
  if (log) {
    // A browser would move a hundredth of the way, whatever that is worth.
    thumb.addEventListener("keydown", (event) => {
      const way = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
      if (!way) return;
      event.preventDefault();
      const value = clamp(back(Number(thumb.value)) * step ** way, range);
      // The next key may come before the next frame shows the state.
      thumb.value = into(value);
      change(value);
    });
  }
  thumb.addEventListener("input", () => {
    const value = back(Number(thumb.value));
    change(clamp(log ? Number(value.toPrecision(3)) : value, range));
  });
  field.addEventListener("change", () => {
    // The browser says what is wrong with a value, and the figure stays as it is.
    if (field.reportValidity()) change(Number(field.value));
  });
  const track = html("div", { className: "track" }, thumb, ...extra);
  return {
    node: html("div", { className: "slider" }, name, track, field),
    show(value) {
      if (document.activeElement !== field || Number(field.value) !== value) {
        field.value = write(value);
      }
      thumb.value = into(value);
      thumb.setAttribute("aria-valuetext", `${write(value)} ${unit}`.trim());
    },
    /** Set the end of the range. */
    limit(end) {
      field.max = end;
      thumb.max = into(end);
    },
    enable(on) {
      field.disabled = thumb.disabled = !on;
    },
    /** How far along the slider a value is, from 0 to 1. */
    share: (value) => (into(clamp(value, range)) - into(low)) / (into(high) - into(low)),
  };
}

/** Sliders beside each other, where there is room. */
export const row = (sliders) =>
  html("div", { className: "knobs" }, ...Object.values(sliders).map(({ node }) => node));

/** A row of buttons, of which the one that describes the state is pressed. */
export function buttons(label, entries, choose) {
  const nodes = entries.map(({ name, label }) =>
    html("button", { type: "button", name, onclick: () => choose(name) }, label),
  );
  return {
    node: html("div", { className: "buttons", role: "group", "aria-label": label }, ...nodes),
    show(name) {
      for (const node of nodes) node.setAttribute("aria-pressed", node.name === name);
    },
  };
}

/** One choice of a few, as radio buttons in a row. */
export function choice(label, entries, choose) {
  const group = `explore-choice-${count++}`;
  const inputs = entries.map(({ name }) =>
    html("input", { type: "radio", name: group, value: name, onchange: () => choose(name) }),
  );
  const labels = entries.map((entry, i) => html("label", {}, inputs[i], entry.label));
  return {
    node: html("fieldset", { className: "choice" }, html("legend", {}, label), ...labels),
    show(name) {
      for (const input of inputs) input.checked = input.value === name;
    },
  };
}

/** Numbers under their names: entries are {name, label}; show takes texts by name. */
export function readouts(entries) {
  const values = new Map(entries.map(({ name }) => [name, html("dd", { className: `value-${name}` })]));
  const pairs = entries.map(({ name, label }) =>
    html("div", {}, html("dt", {}, label), values.get(name)),
  );
  return {
    node: html("dl", {}, ...pairs),
    show(texts) {
      for (const [name, text] of Object.entries(texts)) values.get(name).textContent = text;
    },
  };
}
