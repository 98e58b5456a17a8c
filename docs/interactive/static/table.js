// Your data: read a table that the reader brings, draw its best line, and say how training goes.

import { Chart, note, set, svg } from "./chart.js";
import { button, buttons, choice, find, readouts } from "./control.js";
import { define } from "./figure.js";
import { kept } from "./kept.js";
import Papa from "./papaparse.js";
import { pictureOf, pixelsOf, save } from "./picture.js";
import { sources, titled } from "./programs.js";
import { chosen, decode, many, quoted, readTable, rowList, usable, valueOf } from "./reading.js";
import { bands, leastSquares, predict } from "./regression.js";
import { trainingOf } from "./table-training.js";
import { clamp, general, readNumbers } from "./text.js";

/** @typedef {import("./chart.js").Pair} Pair */
/** @typedef {import("./reading.js").Table} Table */
/** @typedef {import("./regression.js").Fit} Fit */
/** @typedef {ReturnType<typeof answerOf>} Answer */

const CONFIDENCE = 0.95;
// A browser shows a longer text slowly, and nobody reads it in a box.
const LONGEST_SHOWN = 20_000;

const parse = /** @type {import("./reading.js").Parse} */ ((text, options) => Papa.parse(text, options));

/** A number as a reader wants it: in six digits, or as many as are asked for. @param {number | null} value @param {number} [digits] */
const shown = (value, digits = 6) => (value === null ? "–" : general(value, digits).replace("-", "−").replace(/e\+?/, "e"));

/** A sentence of an error: it begins with a capital and ends with a stop. @param {string} words */
const sentence = (words) => `${words[0].toUpperCase()}${words.slice(1)}${words.endsWith(".") ? "" : "."}`;

/** Make an HTML element with a text, which stays text whatever is in it. @template {keyof HTMLElementTagNameMap} T @param {T} tag @param {string} [text] @param {Record<string, string>} [attributes] */
function html(tag, text = "", attributes = {}) {
  const node = document.createElement(tag);
  node.textContent = text;
  set(node, attributes);
  return node;
}

/** Which columns are x and y: those asked for by name, else the last that has values, and the first of the others that does not only name or count the rows. @type {(table: Table, x: string[], y: string) => {xs: number[], at: number}} */
function picked(table, x, y) {
  const places = table.columns.map((_, i) => i).filter((i) => usable(table.columns[i]));
  const named = (/** @type {string} */ name) => places.find((i) => table.columns[i].name === name);
  const at = named(y) ?? places[places.length - 1] ?? -1;
  const asked = x.map(named).filter((i) => i !== undefined && i !== at);
  // The names or numbers that R and pandas give to rows come first, under no name.
  const [first, second] = table.columns;
  const unnamed = table.rowNames || (table.header && first?.name === "column 1" && second?.name !== "column 2") ? 0 : -1;
  const others = places.filter((i) => i !== at).sort((a, b) => Number(a === unnamed) - Number(b === unnamed));
  const xs = asked.length ? /** @type {number[]} */ (asked) : others.slice(0, 1);
  return { xs: [...xs].sort((a, b) => a - b), at };
}

/** The best line or plane for the choice, or why there is none. @type {(table: Table, x: string[], y: string) => {xs: number[], at: number, problem?: string, fit?: Fit, columns: number[][], y: number[], rows: number[], left: {row: number, why: string}[]}} */
function answerOf(table, x, y) {
  const { xs, at } = picked(table, x, y);
  const none = { xs, at, columns: [], y: [], rows: [], left: [] };
  if (table.problem) return { ...none, problem: table.problem };
  if (!xs.length) {
    const numbers = table.columns.filter(usable);
    const problem = numbers.length
      ? `Only ${quoted(numbers[0].name)} has numbers. A line needs two columns of them: x, and y to predict from it.`
      : "No column here has numbers in half of its cells. A line needs two columns of numbers.";
    return { ...none, problem };
  }
  const found = { xs, at, ...chosen(table, xs, at) };
  if (found.rows.length < 2) {
    return { ...found, problem: `${found.rows.length ? "Only one row has" : "No row has"} a number in all chosen columns. Choose other columns, or fill the gaps.` };
  }
  const names = [...xs, at].map((i) => quoted(titled(table.columns[i])));
  const flat = found.columns.findIndex((values) => values.every((value) => value === values[0]));
  if (flat >= 0) {
    return { ...found, problem: `All values of ${names[flat]} are the same, ${shown(found.columns[flat][0])}, so no line can be drawn against it. Choose another x, or add rows.` };
  }
  try {
    return { ...found, fit: leastSquares(found.columns, found.y) };
  } catch (error) {
    return { ...found, problem: sentence(/** @type {Error} */ (error).message.replace(/column (\d+)/, (_, i) => names[Number(i)])) };
  }
}

/**
 * How an axis shows the values of a column: their distances from a round number where they are far
 * from zero, and in powers of ten where they are large or small.
 * @param {string} name @param {number[]} values
 */
function axisOf(name, values) {
  const short = name.length > 32 ? `${name.slice(0, 31)}…` : name;
  const [low, high] = extent(values);
  const size = Math.max(Math.abs(low), Math.abs(high)) || 1;
  const wide = high / size - low / size;
  const power = Math.floor(Math.log10(size * (wide < 1e-3 ? wide : 1)));
  const unit = Math.abs(power) > 4 && Math.abs(power) < 300 ? 10 ** power : size > 1e300 || size < 1e-300 ? size : 1;
  const grain = 10 ** Math.ceil(Math.log10(wide || 1) + Math.log10(size / unit));
  const shift = wide && wide < 1e-3 ? Math.floor(low / unit / grain) * grain : 0;
  const start = shift ? ` − ${shown(shift * unit)}` : "";
  const scale = unit === 1 ? "" : ` (in ${shown(unit)})`;
  return {
    label: `${short}${start}${scale}`,
    at: (/** @type {number} */ value) => value / unit - shift,
    view: () => padded(low / unit - shift, high / unit - shift),
  };
}

/** @param {number[]} values @returns {Pair} */
function extent(values) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/** @type {(low: number, high: number) => Pair} */
function padded(low, high) {
  const room = 0.06 * (high - low) || 0.06 * Math.abs(high) || 1;
  return [low - room, high + room];
}

define("table", (figure) => {
  const { data, state } = figure;
  const text = find(figure, "textarea", HTMLTextAreaElement);
  const chooser = find(figure, "input[type=file]", HTMLInputElement);
  const told = find(figure, ".told", HTMLElement);
  const reading = kept((/** @type {string} */ given, /** @type {any} */ decimal, /** @type {any} */ groups, /** @type {any} */ header, /** @type {any} */ days) =>
    readTable(given, parse, { decimal, groups, header, days }));
  const answering = kept((/** @type {Table} */ table, /** @type {string} */ x, /** @type {string} */ y) => answerOf(table, x ? x.split("\n") : [], y));
  const now = () => {
    const table = reading(state.text, state.decimal, state.groups, state.header, state.days);
    return { table, answer: answering(table, state.x.join("\n"), state.y) };
  };
  // A file that is no table has no text, but a sentence.
  let refused = "";
  // A file takes time to read, and the reader may have gone on to another table meanwhile.
  let tables = 0;
  // The text that was put into the box, or taken from it: another one has come from elsewhere.
  /** @type {string | undefined} */
  let boxed;
  // What the reader typed to predict for, by the names of columns.
  /** @type {Map<string, string>} */
  const wished = new Map();
  /** Make room for another table. */
  const fresh = () => {
    refused = "";
    tables++;
    wished.clear();
  };

  const fitChart = new Chart(figure, "fit", { x: { label: "" }, y: { label: "" }, resized: () => figure.schedule() });
  const outer = svg("path", { class: "band" });
  const inner = svg("path", { class: "band band-mean" });
  const dots = svg("path", { class: "dots" });
  const line = svg("path", { class: "line best" });
  const guide = svg("path", { class: "guide" });
  const best = note("best");
  const guess = svg("circle", { class: "goal", r: 6 });
  fitChart.plot.append(outer, inner, dots, line, guide, guess, best);
  const leftChart = new Chart(figure, "residuals", { x: { label: "" }, y: { label: "", about: 4 }, resized: () => figure.schedule() });
  const zero = svg("path", { class: "line best" });
  const leftDots = svg("path", { class: "dots" });
  leftChart.plot.append(zero, leftDots);

  const presets = buttons(figure, "presets", (name) => {
    fresh();
    figure.change({ ...structuredClone(figure.presetNamed(name)) });
  });
  const numbers = readouts(figure);
  const training = trainingOf(figure);
  const choices = ["header", "decimal", "days"].map((name) => ({
    name,
    show: choice(figure, name, (value) => figure.change(name === "decimal" ? { decimal: value, groups: "auto" } : { [name]: value })),
  }));

  // Giving a table ----------------------------------------------------------------------------

  const give = (/** @type {string} */ given, file = "", encoding = "utf-8") => {
    fresh();
    figure.change({ text: given, file, encoding, x: [], y: "", header: "auto", decimal: "auto", groups: "auto", days: "auto" });
  };
  const open = async (/** @type {File} */ file) => {
    const mine = ++tables;
    /** @type {ReturnType<typeof decode>} */
    let found;
    try {
      found = decode(new Uint8Array(await file.arrayBuffer()));
    } catch {
      found = { problem: "The browser cannot read it. Choose a file, and no folder." };
    }
    if (mine !== tables) return;
    if ("problem" in found) {
      fresh();
      refused = `${file.name}: ${found.problem}`;
      figure.change({ text: "", file: "" });
    } else give(found.text, file.name, found.encoding);
  };
  text.addEventListener("input", (event) => {
    boxed = text.value;
    if (/** @type {InputEvent} */ (event).inputType === "insertFromPaste") give(text.value);
    else {
      refused = "";
      tables++;
      figure.change({ text: text.value, file: "", encoding: "utf-8" });
    }
  });
  button(figure, "choose", () => chooser.click());
  chooser.addEventListener("change", () => {
    if (chooser.files?.[0]) open(chooser.files[0]);
    // The same file again is a change as well.
    chooser.value = "";
  });
  // A browser would leave the page for a file that is dropped beside the box.
  addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    figure.classList.add("dropping");
  });
  addEventListener("dragleave", () => figure.classList.remove("dropping"));
  addEventListener("drop", (event) => {
    figure.classList.remove("dropping");
    const file = event.dataTransfer?.files[0];
    if (!file) return;
    event.preventDefault();
    open(file);
    figure.scrollIntoView({ block: "start" });
  });

  // What was read -----------------------------------------------------------------------------

  const preview = find(figure, ".preview", HTMLTableElement);
  const unread = find(figure, ".unread", HTMLElement);
  const select = find(figure, 'select[data-name="y"]', HTMLSelectElement);
  const boxes = find(figure, '[data-name="x"] > div', HTMLElement);
  select.addEventListener("change", () => figure.change({ y: select.value, x: state.x.filter((/** @type {string} */ name) => name !== select.value) }));
  boxes.addEventListener("change", () => {
    const checked = [...boxes.querySelectorAll("input")].filter((box) => box.checked);
    figure.change({ x: checked.map((box) => box.value) });
  });

  const showTable = kept((/** @type {Table} */ table) => {
    const row = (/** @type {"th" | "td"} */ tag, /** @type {string[]} */ cells, first = "") => {
      const node = html("tr");
      node.append(html("th", first), ...cells.map((cell) => html(tag, cell)));
      return node;
    };
    const { columns, rowNumbers } = table;
    const some = columns.slice(0, 30);
    preview.replaceChildren(
      row("th", some.map(({ name }) => name), "Row"),
      row("td", some.map(({ kind }) => kind), "read as"),
      ...rowNumbers.slice(0, 6).map((number, i) => row("td", some.map(({ cells }) => cells[i]), String(number))),
    );
    const usables = columns.filter(usable);
    select.replaceChildren(...usables.map(({ name }) => html("option", name, { value: name })));
    boxes.replaceChildren(
      ...usables.slice(0, 40).map(({ name }) => {
        const label = html("label");
        label.append(html("input", "", { type: "checkbox", value: name }), name);
        return label;
      }),
    );
  });

  const showLeft = kept((/** @type {Table} */ table, /** @type {Answer} */ answer) => {
    const entries = [];
    const texts = table.columns.filter(({ kind }) => kind === "text").map(({ name }) => quoted(name));
    if (texts.length) entries.push(`${texts.join(", ")}: text, which can be neither x nor y. Write numbers for its words, such as 0 and 1, to use it.`);
    for (const { name, kind, unread: cells, missing } of table.columns) {
      if (kind === "empty") entries.push(`${quoted(name)} is empty.`);
      if ((kind === "numbers" || kind === "dates") && missing) entries.push(`${quoted(name)}: ${many(missing, "cell")} missing.`);
      for (const { row, text } of cells.slice(0, 20)) entries.push(`Row ${row}, ${quoted(name)}: ${quoted(text)} could not be read.`);
      if (cells.length > 20) entries.push(`${quoted(name)}: ${many(cells.length - 20, "more cell")} could not be read.`);
    }
    for (const { row, text } of table.long.slice(0, 20)) entries.push(`Row ${row} is left out: it has ${text}, and the table has ${many(table.columns.length, "column")}.`);
    for (const { row, why } of answer.left.slice(0, 100)) entries.push(`Row ${row} is left out: ${why}.`);
    if (answer.left.length > 100) entries.push(`In all, ${rowList(answer.left.map(({ row }) => row), 1000)} are left out.`);
    unread.replaceChildren(...entries.slice(0, 400).map((entry) => html("li", entry)));
  });

  function showReading(/** @type {Table} */ table, /** @type {Answer} */ answer) {
    const words = refused ? [refused] : table.problem ? [table.problem] : [...table.said];
    if (answer.left.length) {
      words.push(`${many(answer.left.length, "row")} ${answer.left.length === 1 ? "is" : "are"} left out, since a cell is missing or no number: ${rowList(answer.left.map(({ row }) => row), 12)}.`);
    }
    told.replaceChildren(...words.map((word) => html("p", word)));
    showTable(table);
    showLeft(table, answer);
    select.value = table.columns[answer.at]?.name ?? "";
    for (const box of boxes.querySelectorAll("input")) {
      box.checked = answer.xs.some((i) => table.columns[i].name === box.value);
      box.disabled = box.value === select.value;
    }
    for (const { name, show } of choices) show(state[name]);
    if (boxed !== state.text) {
      boxed = state.text;
      const long = state.text.length > LONGEST_SHOWN;
      text.value = long ? "" : state.text;
      text.placeholder = long ? `${state.file || "The table"} is too long to show here. Paste another table to replace it.` : "";
    }
  }

  // The answer --------------------------------------------------------------------------------

  const found = find(figure, ".found", HTMLTableElement);
  const remarked = find(figure, ".remarks", HTMLElement);
  const predictions = find(figure, ".predict .fields", HTMLElement);
  const output = find(figure, ".predict output", HTMLOutputElement);
  predictions.addEventListener("input", ({ target }) => {
    if (target instanceof HTMLInputElement) wished.set(target.dataset.name ?? "", target.value);
    figure.schedule();
  });
  find(figure, ".predict", HTMLFormElement).addEventListener("submit", (event) => event.preventDefault());

  /** Write the formula with the columns' own names. @type {(table: Table, answer: Answer) => string} */
  function formula(table, { fit, xs, at }) {
    if (!fit) return "";
    const terms = xs.flatMap((i, j) => {
      if (fit.repeated.includes(j)) return [];
      const slope = fit.slopes[j];
      return [`${slope < 0 ? "− " : "+ "}${shown(Math.abs(slope))} · ${titled(table.columns[i])}`];
    });
    const all = [...terms, `${fit.intercept < 0 ? "− " : "+ "}${shown(Math.abs(fit.intercept))}`].join(" ");
    return `${titled(table.columns[at])} = ${all.replace(/^\+ /, "").replace(/^− /, "−")}`;
  }

  /** What the reader should know of a fit. @type {(table: Table, answer: Answer) => string[]} */
  function remarks(table, { fit, xs, y }) {
    if (!fit) return [];
    const said = fit.repeated.map((j) => `${quoted(titled(table.columns[xs[j]]))} follows from the columns before it, so it has no slope of its own and counts for nothing here.`);
    if (fit.residualDeviation === null) said.push("There are as many slopes as rows, so the fit is exact whatever the data: it says nothing of how sure it is.");
    if (fit.rSquared === null) said.push(`All y are the same, ${shown(y[0])}: the line is level.`);
    return said;
  }

  const showFound = kept((/** @type {Table} */ table, /** @type {Answer} */ answer) => {
    const { fit, xs } = answer;
    found.replaceChildren();
    if (!fit) return;
    const row = (/** @type {"th" | "td"} */ tag, /** @type {string[]} */ cells) => {
      const node = html("tr");
      node.append(...cells.map((cell, i) => (i ? html(tag, cell) : html("th", cell, { scope: tag === "th" ? "col" : "row" }))));
      return node;
    };
    found.append(
      row("th", ["Column", "Slope", "Standard error"]),
      ...xs.map((i, j) => row("td", [titled(table.columns[i]), fit.repeated.includes(j) ? "–" : shown(fit.slopes[j]), shown(fit.slopeErrors[j])])),
      row("td", ["Intercept", shown(fit.intercept), shown(fit.interceptError)]),
    );
  });

  /** What training works with: the columns that say something of their own. @type {(table: Table, answer: Answer) => {given?: {names: string[], columns: number[][], y: number[]}, lowest: number}} */
  const trained = kept((table, { fit, xs, columns, y }) => {
    if (!fit) return { lowest: NaN };
    const own = xs.map((_, j) => j).filter((j) => !fit.repeated.includes(j));
    const names = own.map((j) => titled(table.columns[xs[j]]));
    const lowest = fit.residuals.reduce((sum, value) => sum + value ** 2 / y.length, 0);
    return { given: { names, columns: own.map((j) => columns[j]), y }, lowest };
  });

  const showFields = kept((/** @type {Table} */ table, /** @type {string} */ _chosen, /** @type {Answer} */ answer) => {
    predictions.replaceChildren(
      ...(answer.fit ? answer.xs : []).map((i, j) => {
        const values = answer.columns[j];
        const middle = values.reduce((sum, value) => sum + value / values.length, 0);
        const [low, high] = extent(values);
        // As round as the data are wide.
        const grain = 10 ** Math.floor(Math.log10(high / 20 - low / 20));
        const round = grain > 0 && grain < 1e300 ? Number((Math.round(middle / grain) * grain).toPrecision(12)) : middle;
        const name = titled(table.columns[i]);
        const value = wished.get(name) ?? String(round).replace(".", table.decimal);
        const label = html("label", `${name} `);
        label.append(html("input", "", { type: "text", inputmode: "decimal", "data-name": name, value }));
        return label;
      }),
    );
  });

  /** The typed values, their prediction, and the sentence that tells it. @type {(table: Table, answer: Answer) => {row?: number[], value?: number, said: string}} */
  function predicted(table, { fit, xs, at, columns }) {
    if (!fit) return { said: "" };
    const fields = [...predictions.querySelectorAll("input")];
    const row = xs.map((i, j) => valueOf(table, table.columns[i], fields[j].value));
    const wrong = row.findIndex((value) => Number.isNaN(value));
    if (wrong >= 0) return { said: fields[wrong].value.trim() ? `${quoted(fields[wrong].value)} is no number.` : `Type a value for ${quoted(titled(table.columns[xs[wrong]]))}.` };
    try {
      const value = predict(fit, row);
      const band = bands(fit, row, CONFIDENCE);
      // Far from zero, more digits tell the ends of an interval apart, unless the fit is exact.
      const needed = band ? Math.ceil(Math.log10(Math.abs(value) / (band.mean[1] - band.mean[0]))) + 3 : 6;
      const told = (/** @type {number} */ number) => shown(number, needed > 6 && needed < 13 ? needed : 6);
      const name = titled(table.columns[at]);
      const sure = band
        ? `, between ${told(band.one[0])} and ${told(band.one[1])} for one new row in 95 % of cases; its mean is between ${told(band.mean[0])} and ${told(band.mean[1])}`
        : "";
      const out = row.findIndex((value, j) => { const [low, high] = extent(columns[j]); return value < low || value > high; });
      const far = out < 0 ? "" : ` The data end at ${extent(columns[out]).map((end) => shown(end)).join(" and ")}: beyond, nothing tells whether the line goes on.`;
      return { row, value, said: `${name}: ${told(value)}${sure}.${far}` };
    } catch (error) {
      return { said: sentence(/** @type {Error} */ (error).message) };
    }
  }

  const drawCharts = kept((/** @type {Table} */ table, /** @type {Answer} */ answer, /** @type {number} */ _width, /** @type {number} */ _height, /** @type {number} */ _wide, /** @type {number} */ _high) => {
    const { fit, xs, at, columns, y } = answer;
    for (const node of [outer, inner, dots, line, leftDots, zero]) set(node, { d: "" });
    best.textContent = "";
    if (!fit) {
      // Empty axes say less than the sentence above them.
      for (const chart of [fitChart, leftChart]) chart.clear();
      return undefined;
    }
    const single = xs.length === 1;
    const name = titled(table.columns[at]);
    const across = single ? columns[0] : fit.fitted;
    const x = axisOf(single ? titled(table.columns[xs[0]]) : `${name}, predicted`, across);
    const up = axisOf(name, single ? [...extent(y), ...extent(fit.fitted)] : [...extent(y)]);
    const off = axisOf("residual", [...extent(fit.residuals), 0]);
    for (const [chart, vertical, label] of /** @type {const} */ ([[fitChart, up, up.label], [leftChart, off, off.label]])) {
      chart.axes.x.label = x.label;
      chart.axes.y.label = label;
      chart.drawn = undefined;
      if (!chart.view(x.view(), vertical.view())) return undefined;
    }
    set(dots, { d: points(fitChart, across.map(x.at), y.map(up.at)), "stroke-width": widthFor(y.length) });
    set(leftDots, { d: points(leftChart, across.map(x.at), fit.residuals.map(off.at)), "stroke-width": widthFor(y.length) });
    const [low, high] = extent(across);
    const level = leftChart.path([[x.view()[0], off.at(0)], [x.view()[1], off.at(0)]]);
    set(zero, { d: level });
    const ends = [low, high].map((value) => /** @type {Pair} */ ([x.at(value), up.at(single ? predict(fit, [value]) : value)]));
    set(line, { d: fitChart.path(ends) });
    best.textContent = single ? "best line" : "exact";
    const above = clamp(fitChart.y(ends[1][1]) - 10, { low: fitChart.margin.top + 14, high: fitChart.height - fitChart.margin.bottom - 6 });
    set(best, { x: fitChart.x(ends[1][0]) - 14, y: above, "text-anchor": "end" });
    if (single && fit.residualDeviation !== null) {
      // The more rows, the straighter the bands, and the longer each place takes.
      const steps = y.length > 5000 ? 8 : 32;
      const places = Array.from({ length: steps + 1 }, (_, i) => low * (1 - i / steps) + high * (i / steps));
      const found = places.map((value) => bands(fit, [value], CONFIDENCE));
      for (const [node, key] of /** @type {const} */ ([[outer, "one"], [inner, "mean"]])) {
        const edge = (/** @type {0 | 1} */ side) => places.map((value, i) => /** @type {Pair} */ ([x.at(value), up.at(found[i]?.[key][side] ?? NaN)]));
        set(node, { d: `${fitChart.path([...edge(0), ...edge(1).reverse()])}Z` });
      }
    }
    return { x, up, single };
  });

  // Taking it away ----------------------------------------------------------------------------

  /** The rows used of the chosen columns, as a CSV file. @type {(table: Table, answer: Answer) => string} */
  const csvOf = (table, { xs, at, columns, y }) =>
    Papa.unparse([[...xs, at].map((i) => titled(table.columns[i])), ...y.map((value, i) => [...columns.map((values) => values[i]), value])]);
  const named = (/** @type {string} */ ending) => `${state.file.replace(/\.\w+$/, "") || "best-line"}${ending}`;
  const chartNode = fitChart.node;
  button(figure, "save-table", () => save("table.csv", new Blob([csvOf(now().table, now().answer)], { type: "text/csv" })));
  button(figure, "save-svg", () => save(named(".svg"), new Blob([pictureOf(chartNode).text], { type: "image/svg+xml" })));
  button(figure, "save-png", async () => {
    try {
      save(named(".png"), await pixelsOf(chartNode));
    } catch (error) {
      console.error(error);
      figure.say(() => "The browser makes no PNG of this; the SVG has the same.");
    }
  });
  const takes = ["save-table", "save-svg", "save-png", "copy-pandas", "copy-program", "copy-link"];

  const example = () => data.presets.find((/** @type {{state: {text: string}}} */ preset) => !state.file && preset.state.text === state.text);
  /** The chosen columns as a link holds them, whether their cells could be read or not. @type {(table: Table, answer: Answer) => string} */
  const linked = (table, { xs, at }) => {
    const columns = [...xs, at].map((i) => table.columns[i]);
    return Papa.unparse([columns.map(({ name }) => name), ...table.rowNumbers.map((_, i) => columns.map(({ cells }) => cells[i]))], { delimiter: "\t", newline: "\n" });
  };

  function show() {
    const { table, answer } = now();
    const { fit, xs } = answer;
    showReading(table, answer);
    presets(example()?.name);
    figure.sentence.textContent = answer.problem && !table.problem ? answer.problem : formula(table, answer);
    remarked.replaceChildren(...remarks(table, answer).map((word) => html("p", word)));
    showFound(table, answer);
    showFields(table, xs.join(), answer);
    numbers({
      rSquared: fit ? shown(fit.rSquared) : "–",
      deviation: fit ? shown(fit.residualDeviation) : "–",
      rows: answer.rows.length.toLocaleString("en-GB"),
      left: (answer.left.length + table.long.length).toLocaleString("en-GB"),
    });
    for (const name of takes) find(figure, `button[data-name="${name}"]`, HTMLButtonElement).disabled = !fit;
    const { given, lowest } = trained(table, answer);
    training(given, lowest);
    const drawn = drawCharts(table, answer, fitChart.width, fitChart.height, leftChart.width, leftChart.height);
    const told = predicted(table, answer);
    output.textContent = told.said;
    for (const node of [guess, guide]) set(node, { visibility: "hidden" });
    if (drawn?.single && told.row && told.value !== undefined) {
      const [x, y] = [fitChart.x(drawn.x.at(told.row[0])), fitChart.y(drawn.up.at(told.value))];
      set(guess, { cx: x, cy: y, visibility: "visible" });
      set(guide, { d: `M${x} ${fitChart.height - fitChart.margin.bottom}V${y}H${fitChart.margin.left}`, visibility: "visible" });
    }
  }

  return {
    draw() {
      try {
        show();
      } catch (error) {
        // Whatever a table does to the arithmetic, the reader gets a sentence.
        figure.sentence.textContent = sentence(/** @type {Error} */ (error).message);
        if (error instanceof TypeError || error instanceof RangeError) throw error;
      }
    },
    describe() {
      const { table, answer } = now();
      if (refused || answer.problem) return refused || answer.problem || "";
      return `${table.said[0]} ${formula(table, answer)}. R² ${shown(answer.fit?.rSquared ?? null)}.`;
    },
    placeholders() {
      const { table, answer } = now();
      // A program has no use for a column that the others already say.
      const own = (/** @type {unknown} */ _, /** @type {number} */ j) => !answer.fit?.repeated.includes(j);
      const [xs, columns] = [answer.xs.filter(own), answer.columns.filter(own)];
      const { at, y } = answer;
      const all = [...columns, y];
      let work = { table, text: state.text, xs, y: at, columns: all, file: state.file, encoding: state.encoding };
      if (!state.file && all.length * y.length > data.few) {
        // Nothing that a program could read has these: the reader saves them.
        const text = csvOf(table, { ...answer, xs, columns });
        work = { ...work, table: readTable(text, parse, { decimal: ".", header: "yes" }), text, xs: xs.map((_, j) => j), y: xs.length, file: "table.csv", encoding: "utf-8" };
      }
      return { ...sources(work, data.pieces, data.few), seed: data.seed };
    },
    lacks(what) {
      const { table, answer } = now();
      if (what === "link" && !example() && encodeURIComponent(linked(table, answer)).length > data.longest) {
        return "These are too many data for a link. Send the file itself, or the program.";
      }
      if (what === "program" && answer.fit?.rSquared === null) return "All y are the same: there is nothing to train.";
      return undefined;
    },
    write() {
      const { table, answer } = now();
      const chosen = { x: answer.xs.map((i) => table.columns[i].name).join("\n"), y: table.columns[answer.at]?.name ?? "" };
      const preset = example();
      /** @type {Record<string, string>} */
      const given = preset ? { example: preset.name, header: state.header, decimal: state.decimal } : { table: linked(table, answer), header: "yes", decimal: table.decimal, groups: table.groups };
      const { lr, momentum, epochs, batch, units, loss } = state;
      const numbers = Object.entries({ lr, momentum, epochs, batch }).map(([name, value]) => [name, String(value)]);
      return { ...given, ...chosen, days: state.days, units, loss, ...Object.fromEntries(numbers) };
    },
    read(texts) {
      const one = (/** @type {string} */ name, /** @type {string[]} */ known) => (known.includes(texts[name]) ? texts[name] : known[0]);
      fresh();
      const preset = figure.presetNamed(texts.example);
      const table = preset ?? (texts.table === undefined ? {} : { text: texts.table, file: "", encoding: "utf-8" });
      return {
        ...table,
        ...readNumbers(texts, data.ranges),
        units: one("units", ["as they are", "standardised"]),
        loss: one("loss", ["mean", "sum", "half"]),
        header: one("header", ["auto", "yes", "no"]),
        decimal: one("decimal", ["auto", ".", ","]),
        groups: /^[.,'’\u00a0\u202f ]*$/.test(texts.groups) ? texts.groups : "auto",
        days: one("days", ["auto", "first", "second"]),
        ...(texts.x === undefined ? {} : { x: texts.x.split("\n") }),
        ...(texts.y === undefined ? {} : { y: texts.y }),
      };
    },
  };
});

/** The points as one path of round dots; those that would cover each other count once. @type {(chart: Chart, x: number[], y: number[]) => string} */
function points(chart, x, y) {
  const seen = new Set();
  const coarse = x.length > 2000 ? 1 : 10;
  const parts = [];
  for (let i = 0; i < x.length; i++) {
    const [left, top] = [Math.round(coarse * chart.x(x[i])), Math.round(coarse * chart.y(y[i]))];
    const place = left * 1e5 + top;
    if (seen.has(place)) continue;
    seen.add(place);
    parts.push(`M${left / coarse} ${top / coarse}h0`);
  }
  return parts.join("");
}

/** How wide a dot is, so that many are still told apart. @param {number} count */
const widthFor = (count) => (count > 5000 ? 2 : count > 300 ? 5 : count > 100 ? 7 : 9);
