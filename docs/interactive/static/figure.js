// What all figures share: their state, its link, its program, and the voice that tells of a change.

import { button, find } from "./control.js";
import { filled, readNumbers } from "./text.js";

/** @typedef {Record<string, any>} State */
/** @typedef {{name: string, label: string, state: State}} Preset */

/**
 * What makes a figure what it is. draw: shows the state. describe: says it in words.
 * placeholders: fill in the program. write, read: the state as texts, where it is not all numbers.
 * template: the program to fill in, where the state asks for another than usual.
 * lacks: why there is no link or no program for the state, where there is none.
 * @typedef {{
 *   draw: () => void,
 *   describe: () => string,
 *   placeholders?: () => Record<string, string | number>,
 *   write?: () => Record<string, string>,
 *   read?: (texts: Record<string, string>) => State,
 *   template?: () => string | undefined,
 *   lacks?: (what: "link" | "program") => string | undefined,
 * }} Parts
 */

/** Make a figure of the elements of this name. @param {string} name @param {(figure: Figure) => Parts} build */
export function define(name, build) {
  customElements.define(
    `explore-${name}`,
    class extends Figure {
      build = build;
    },
  );
}

/** A figure that the reader can move. It takes the place of the static one beside it. */
export class Figure extends HTMLElement {
  /** @type {any} what docs/interactive made for this figure */
  data;
  /** @type {State} */
  state = {};
  /** @type {(figure: Figure) => Parts} */
  build = () => {
    throw new Error("define the figure");
  };
  /** @type {Parts} */
  parts;
  /** @type {HTMLElement} where the figure speaks, for all to hear, and to see */
  status;
  /** @type {HTMLElement} */
  sentence;
  /** @type {number | undefined} */
  frame;
  /** @type {number | undefined} */
  speaking;

  connectedCallback() {
    if (this.data) return;
    this.data = JSON.parse(find(this, "script", HTMLScriptElement).text);
    this.state = structuredClone(this.data.start);
    this.status = find(this, ".status", HTMLElement);
    this.sentence = find(this, ".words > span", HTMLElement);
    this.parts = this.build(this);
    // A figure without a program has nothing to hand on.
    if (this.data.program) this.share();
    addEventListener("hashchange", () => this.follow());
    this.parentElement?.classList.add("ready");
    this.follow();
    this.schedule();
  }

  /** Change the state, show it in the next frame, and say it when the reader has come to rest. @param {State} state */
  change(state) {
    Object.assign(this.state, state);
    this.schedule();
    this.say(() => this.parts.describe(), { wait: 800, seen: false });
  }

  schedule() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      this.parts.draw();
    });
  }

  /**
   * Say something to those who listen, and when it is told nowhere else, to those who look.
   * @param {() => string} words
   */
  say(words, { wait = 0, seen = true } = {}) {
    clearTimeout(this.speaking);
    this.speaking = setTimeout(() => {
      this.status.textContent = words();
      this.status.classList.toggle("seen", seen);
    }, wait);
  }

  /** Return the state of a preset. @param {string} wanted @returns {State | undefined} */
  presetNamed(wanted) {
    return this.data.presets.find((/** @type {Preset} */ { name }) => name === wanted)?.state;
  }

  /** Return the name of the preset that the state is, or none. @returns {string | undefined} */
  preset() {
    const same = (/** @type {Preset} */ { state }) =>
      Object.keys(state).every((key) => state[key] === this.state[key]);
    return this.data.presets.find(same)?.name;
  }

  /** The part of an address that leads to the state. */
  get fragment() {
    return `#${this.localName}:${new URLSearchParams(this.parts.write?.() ?? texts(this.state))}`;
  }

  /** Take over the state that the page's address names, if it is this figure's. */
  follow() {
    const [name, state] = location.hash.slice(1).split(/:(.*)/s);
    if (name !== this.localName) return;
    const given = Object.fromEntries(new URLSearchParams(state));
    this.change(this.parts.read?.(given) ?? readNumbers(given, this.data.ranges));
    this.parentElement?.scrollIntoView({ behavior: "instant" });
  }

  share() {
    const copy = async (/** @type {() => string} */ text, /** @type {string} */ done, failed = "") => {
      // First, so that the address bar has the link even where nothing can be copied.
      const copied = text();
      try {
        await navigator.clipboard.writeText(copied);
        this.say(() => done);
      } catch (error) {
        console.error(error);
        this.say(() => `The browser does not let this page copy. ${failed}`);
      }
    };
    const link = () => {
      // The address bar shows it as well, without a step to go back.
      history.replaceState(null, "", this.fragment);
      return location.href;
    };
    const unless = (/** @type {"link" | "program"} */ what, /** @type {() => void} */ act) => () => {
      const why = this.parts.lacks?.(what);
      if (why) this.say(() => why);
      else act();
    };
    const program = (/** @type {string} */ key) => () => filled(this.parts.template?.() ?? this.data[key], this.parts.placeholders?.() ?? {});
    button(this, "copy-link", unless("link", () => copy(link, "Link copied.", "The address bar has the link.")));
    for (const [key, name] of Object.entries({ program: "PyTorch", pandas: "pandas" })) {
      if (this.data[key]) button(this, `copy-${key}`, unless("program", () => copy(program(key), `${name} program copied.`)));
    }
  }
}

/** @param {State} state */
const texts = (state) =>
  Object.fromEntries(Object.entries(state).map(([name, value]) => [name, String(value)]));
