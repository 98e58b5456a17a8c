// What all figures share: their state, its link, its program, and the voice that tells of a change.

import { clamp, html } from "./control.js";

/**
 * A figure that the reader can move. It takes the place of the static one beside it.
 * A subclass has `build`, which makes its nodes, `draw`, which shows the state, `describe`, which
 * says it in words, and `placeholders`, which fill in the program.
 */
export class Figure extends HTMLElement {
  connectedCallback() {
    if (this.state) return;
    this.data = JSON.parse(this.querySelector("script").textContent);
    this.state = structuredClone(this.data.start);
    this.status = html("p", { className: "status", role: "status" });
    this.append(...this.build(), this.share());
    addEventListener("hashchange", () => this.follow());
    this.parentElement.classList.add("ready");
    this.follow();
    this.schedule();
  }

  /** Change the state, show it in the next frame, and say it when the reader has come to rest. */
  change(state) {
    Object.assign(this.state, state);
    this.schedule();
    this.say(() => this.describe(), { wait: 800, seen: false });
  }

  schedule() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      this.draw();
    });
  }

  /** Say something to those who listen, and when it is told nowhere else, to those who look. */
  say(words, { wait = 0, seen = true } = {}) {
    clearTimeout(this.speaking);
    this.speaking = setTimeout(() => {
      this.status.textContent = words();
      this.status.classList.toggle("seen", seen);
    }, wait);
  }

  /** Return the name of the preset that the state is, or none. */
  preset() {
    const { presets } = this.data;
    const same = ({ state }) => Object.keys(state).every((key) => state[key] === this.state[key]);
    return presets.find(same)?.name;
  }

  choose(name) {
    this.change(this.data.presets.find((preset) => preset.name === name).state);
  }

  // The link ---------------------------------------------------------------------------------

  get fragment() {
    return `#${this.localName}:${new URLSearchParams(this.write())}`;
  }

  /** Take over the state that the page's address names, if it is this figure's. */
  follow() {
    const [name, state] = location.hash.slice(1).split(/:(.*)/s);
    if (name !== this.localName) return;
    this.change(this.read(Object.fromEntries(new URLSearchParams(state))));
    this.parentElement.scrollIntoView({ behavior: "instant" });
  }

  /** Return the state as texts. */
  write() {
    return Object.fromEntries(
      Object.entries(this.state).map(([name, value]) => [name, String(value)]),
    );
  }

  /** Return that part of the texts which makes a state. */
  read(texts) {
    const state = {};
    for (const [name, range] of Object.entries(this.data.ranges)) {
      const value = Number(texts[name]);
      if (texts[name] && Number.isFinite(value)) state[name] = clamp(value, range);
    }
    return state;
  }

  share() {
    const copy = async (text, done, failed = "") => {
      try {
        await navigator.clipboard.writeText(text());
        this.say(() => done);
      } catch {
        this.say(() => `The browser does not let this page copy. ${failed}`);
      }
    };
    const link = () => {
      // The address bar shows it as well, without a step to go back.
      history.replaceState(null, "", this.fragment);
      return location.href;
    };
    const button = (label, onclick) => html("button", { type: "button", onclick }, label);
    return html(
      "div",
      { className: "share" },
      button("Copy link", () => copy(link, "Link copied.", "The address bar has the link.")),
      button("Copy PyTorch", () => copy(() => this.program(), "PyTorch program copied.")),
      this.status,
    );
  }

  /** Return the PyTorch program that gives what the figure shows. */
  program() {
    return filled(this.data.program, this.placeholders());
  }
}

/** Return a template with its `$names` replaced by their values. */
export const filled = (template, values) =>
  template.replace(/\$(\w+)/g, (_, name) => values[name]);
