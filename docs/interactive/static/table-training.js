// How training goes on a reader's table: foretold from its columns, and told from the losses of a run.

import { Chart, note, set, svg } from "./chart.js";
import { choice, find, readouts, slider } from "./control.js";
import { diagnose, inStandardUnits, run } from "./diagnosis.js";
import { kept } from "./kept.js";
import { lossesOf } from "./reading.js";
import { review } from "./review.js";
import { general, roundedDown } from "./text.js";

/** @typedef {import("./chart.js").Pair} Pair */
/** @typedef {import("./figure.js").Figure} Figure */
/** @typedef {{names: string[], columns: number[][], y: number[]}} Given */
/** @typedef {{lr: number, momentum: number, epochs: number, batch: number, units: string, loss: string}} Settings */

/** @param {string} words */
const sentence = (words) => `${words[0].toUpperCase()}${words.slice(1)}.`;

/** @param {number[]} values */
const standardised = (values) => inStandardUnits(values).values;

/** What the settings are to the mathematics. @param {Settings} settings @param {number} n */
export function optionsOf({ lr, momentum, epochs, batch, loss }, n) {
  const batchSize = batch >= 1 && batch < n ? batch : null;
  const reduction = /** @type {"mean" | "sum"} */ (loss === "sum" ? "sum" : "mean");
  return { lr, momentum, epochs, batchSize, reduction, factor: loss === "half" ? 0.5 : 1 };
}

/** Foretell a run, and what the other units would do to it. @type {(given: Given, units: string, options: ReturnType<typeof optionsOf>) => {verdict: string, other: string, limit: number, best: number, losses: Pair[], floor?: number}} */
export function foretold({ names, columns, y }, units, options) {
  const { epochs, batchSize, reduction, factor } = options;
  const even = columns.map(standardised);
  const own = units === "standardised";
  const found = diagnose(own ? even : columns, { ...options, names });
  const other = diagnose(own ? columns : even, { ...options, names, lr: null });
  const safe = roundedDown(Math.min(other.bestLr, 0.9 * other.limit), 3);
  const then = diagnose(own ? columns : even, { ...options, names, lr: safe });
  const steps = batchSize ? Math.ceil(y.length / batchSize) : 1;
  const weight = reduction === "sum" ? (batchSize ?? y.length) * factor : factor;
  // In the units in which the run computes, as its own program prints them.
  const [x, goal] = own ? [even, standardised(y)] : [columns, y];
  const course = run(x, goal, { ...options, epochs: epochs * steps, reduction: "mean", factor: weight });
  const losses = course.losses.map(([step, loss]) => /** @type {Pair} */ ([step / steps, loss]));
  return {
    verdict: sentence(found.verdict),
    other: `${own ? "As they are" : "Standardised"}, the largest stable lr is ${general(roundedDown(other.limit, 3), 3)}, and lr=${general(safe, 3)} ${then.verdict}.`,
    limit: found.limit,
    best: found.bestLr,
    losses,
  };
}

/** Say what happened in a run, from what its loop printed. @type {(printed: string, given: Given, units: string, options: ReturnType<typeof optionsOf>) => string} */
export function reviewed(printed, { names, columns, y }, units, { lr, momentum, batchSize, reduction, factor }) {
  if (!printed.trim()) return "";
  const losses = lossesOf(printed);
  if (losses.length < 2) return "A loss for each epoch is needed, one on a line, and at least two of them.";
  const own = units === "standardised";
  const data = { columns: own ? columns.map(standardised) : columns, y: own ? standardised(y) : y };
  const options = { names, lr, momentum, batchSize, reduction, factor };
  const { verdict } = review(losses, { ...data, ...options });
  return `${losses.length.toLocaleString("en-GB")} losses, from ${general(losses[0], 4)} to ${general(losses[losses.length - 1], 4)}. ${sentence(verdict)}`;
}

/** Bring the training of a figure to life; return what draws it for a table. @param {Figure} figure */
export function trainingOf(figure) {
  const { state, data } = figure;
  const knob = (/** @type {string} */ key, digits = 2) =>
    slider(figure, key, { range: data.ranges[key], digits, change: (value) => figure.change({ [key]: key === "epochs" ? Math.round(value) : value }) });
  const knobs = { lr: knob("lr"), momentum: knob("momentum"), epochs: knob("epochs") };
  const choices = ["units", "loss"].map((name) => ({ name, show: choice(figure, name, (value) => figure.change({ [name]: value })) }));
  const batch = find(figure, 'input[data-name="batch"]', HTMLInputElement);
  batch.addEventListener("change", () => {
    if (batch.reportValidity()) figure.change({ batch: Number(batch.value) || 0 });
  });
  const showBatch = () => {
    batch.value = state.batch ? String(state.batch) : "";
  };
  batch.addEventListener("blur", showBatch);
  const [verdict, other] = [".verdict", ".other"].map((name) => find(figure, name, HTMLElement));
  const numbers = readouts(figure);
  const printed = find(figure, ".losses textarea", HTMLTextAreaElement);
  const said = find(figure, ".reviewed", HTMLElement);
  printed.addEventListener("input", () => figure.schedule());
  const reviewing = kept((/** @type {string} */ text, /** @type {Given} */ given, /** @type {string} */ _settings) => {
    const settings = /** @type {Settings} */ (/** @type {unknown} */ (state));
    try {
      return reviewed(text, given, settings.units, optionsOf(settings, given.y.length));
    } catch (error) {
      return sentence(/** @type {Error} */ (error).message);
    }
  });
  const chart = new Chart(figure, "loss", {
    x: { label: "Epoch", log: true, about: 6 },
    y: { label: "Loss", log: true, about: 4 },
    left: 72,
    resized: () => figure.schedule(),
  });
  const floor = svg("path", { class: "floor" });
  const curve = svg("path", { class: "path" });
  const best = note("best");
  chart.plot.append(floor, curve, best);
  const foretelling = kept((/** @type {Given} */ given, /** @type {string} */ _settings) => {
    const settings = /** @type {Settings} */ (/** @type {unknown} */ (state));
    try {
      return foretold(given, settings.units, optionsOf(settings, given.y.length));
    } catch (error) {
      return { problem: sentence(/** @type {Error} */ (error).message) };
    }
  });

  /** @param {Given | undefined} given @param {number} lowest the loss of the best line, as the mean of squares */
  return (given, lowest) => {
    for (const { name, show } of choices) show(state[name]);
    knobs.lr.show(state.lr);
    knobs.momentum.show(state.momentum);
    knobs.epochs.show(state.epochs);
    if (document.activeElement !== batch) showBatch();
    for (const node of [curve, floor]) set(node, { d: "" });
    best.textContent = "";
    other.textContent = "";
    numbers({ limit: "–", best: "–", end: "–" });
    said.textContent = "";
    if (!given) {
      chart.clear();
      verdict.textContent = "";
      return;
    }
    const { units, loss, lr, momentum, epochs } = state;
    const settings = [units, loss, lr, momentum, epochs, state.batch].join();
    said.textContent = reviewing(printed.value, given, settings);
    const found = foretelling(given, settings);
    if ("problem" in found) {
      chart.clear();
      verdict.textContent = found.problem;
      return;
    }
    const { losses } = found;
    const batches = optionsOf(/** @type {Settings} */ (/** @type {unknown} */ (state)), given.y.length).batchSize;
    verdict.textContent = found.verdict;
    const notes = [found.other];
    if (units === "standardised") notes.push("The losses are those of standardised columns, y too.");
    if (batches) notes.push("The curve leaves out the scatter of batches.");
    other.textContent = notes.join(" ");
    const last = losses[losses.length - 1];
    const ended = last && last[0] >= 0.999 * epochs;
    numbers({
      limit: general(roundedDown(found.limit, 3), 3),
      best: general(roundedDown(found.best, 3), 3),
      end: ended ? general(last[1], 6) : "beyond 32 bits",
    });
    const weight = (loss === "half" ? 0.5 : 1) * (loss === "sum" ? (batches ?? given.y.length) : 1);
    const level = (units === "standardised" ? lowest / inStandardUnits(given.y).scale ** 2 : lowest) * weight;
    const seen = losses.filter(([, value]) => value > 0).map(([epoch, value]) => /** @type {Pair} */ ([Math.max(epoch, LEFT), value]));
    if (!seen.length) return chart.clear();
    const values = seen.map(([, value]) => value);
    const low = Math.max(1e-300, level > 0 ? Math.min(level, ...values) : Math.min(...values));
    const high = Math.min(Math.max(...values), values[0] * 1e9);
    if (!chart.view([LEFT, 1.1 * epochs], [low * 0.6, Math.max(high, low * 2) * 2])) return;
    set(curve, { d: chart.path(seen) });
    if (level > 0) {
      set(floor, { d: chart.path([[LEFT, level], [1.1 * epochs, level]]) });
      best.textContent = "best line";
      set(best, { x: chart.x(LEFT) + 6, y: chart.y(level) - 5 });
    }
  };
}

// No logarithm has a place for epoch 0: it stands at the left end.
const LEFT = 0.7;
