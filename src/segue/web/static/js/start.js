// @ts-check
/** The first screen: paste, drop, search, or begin with an example. */

import { get, Problem } from "./api.js";
import { cover } from "./cover.js";
import { find, h, icon, prose } from "./dom.js";
import { DROPPED } from "./drop.js";
import { searchBox } from "./search.js";
import { plural } from "./words.js";

/** @typedef {import("./types.js").Track} Track */
/** @typedef {{text: string, file: File | null, picked: Track[]}} Draft */

const MAX_FILE = 20_000_000;
const HINT = `Paste a playlist: song links copied from Spotify, or lines like
Nirvana – Smells Like Teen Spirit
The Killers – Mr. Brightside`;

/** A problem as a box. @param {Problem} problem @param {(Node | null)[]} actions */
export function trouble(problem, actions = []) {
  return h("div", { class: "notice bad trouble", role: "alert" },
    h("strong", {}, problem.title), problem.message !== problem.title && h("p", {}, prose(sentence(problem.message))),
    problem.hint && h("p", { class: "hint" }, prose(problem.hint)), ...actions);
}

/** @param {string} text */
const sentence = (text) => (text ? text[0].toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? "" : ".") : "");

/** @param {{name: string, description: string, tracks: string[], sample: Track[]}} example @param {() => void} onclick */
function exampleCard(example, onclick) {
  return h("li", {}, h("button", { type: "button", class: "example", onclick },
    h("span", { class: "mosaic" }, example.sample.slice(0, 4).map(cover)),
    h("span", {}, h("b", {}, example.name), h("span", {}, example.description))));
}

/**
 * @param {Draft} draft  what was typed before, kept when one comes back with an error
 * @param {{onDraft: (draft: Draft) => void, onSeeds: (name: string, ids: string[]) => void, isStarter: boolean}} wires
 * @param {Node | null} message
 */
export function startScreen(draft, wires, message = null) {
  const text = h("textarea", {
    id: "paste", "aria-label": "Paste a playlist", placeholder: HINT, value: draft.text, spellcheck: "false",
    oninput: () => { draft.text = text.value; update(); },
    onkeydown: (/** @type {KeyboardEvent} */ e) => { if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) submit(); },
  });
  const file = h("input", { type: "file", class: "visually-hidden", id: "file", tabindex: -1, "aria-label": "Choose a playlist file", accept: ".csv,.tsv,.txt,.m3u,.m3u8,.xspf,.jspf,.json", onchange: () => take(file.files[0]) });
  const go = h("button", { type: "button", class: "button primary", id: "go", onclick: submit }, "Find songs", icon("arrow"));
  const chips = h("div", { class: "seed-chips", role: "group", "aria-label": "Songs picked" });
  const fileChip = h("span", {});
  const box = h("div", { class: "card composer" }, text,
    h("div", { class: "composer-foot" },
      h("button", { type: "button", class: "button small", onclick: () => file.click() }, icon("file"), "Choose a file"), file, fileChip,
      h("span", { class: "grow" }), go));

  /** @param {File | undefined} chosen */
  function take(chosen) {
    if (!chosen) return;
    if (chosen.size > MAX_FILE) return fail(new Problem({ title: "This file is too large", detail: `A playlist file has at most ${MAX_FILE / 1e6} MB, this one has ${(chosen.size / 1e6).toFixed(1)}`, hint: "Is it a song instead of a list of songs?" }));
    draft.file = chosen;
    update();
    submit();
  }

  /** @param {Problem} problem */
  function fail(problem) {
    screen.querySelector(".trouble")?.remove();
    box.after(trouble(problem));
  }

  function submit() {
    if (go.disabled) return text.focus();
    wires.onDraft(draft);
  }

  function update() {
    go.disabled = !(draft.text.trim() || draft.file || draft.picked.length);
    chips.replaceChildren(...draft.picked.map((track) => h("span", { class: "chip seed-chip" }, `${track.name} – ${track.artists[0] ?? ""}`,
      h("button", { type: "button", "aria-label": `Take out ${track.name}`, onclick: () => { draft.picked = draft.picked.filter((other) => other !== track); update(); } }, icon("x")))));
    fileChip.replaceChildren(...(draft.file ? [h("span", { class: "chip file-chip" }, draft.file.name,
      h("button", { type: "button", "aria-label": "Take out the file", onclick: () => { draft.file = null; file.value = ""; update(); } }, icon("x")))] : []));
  }


  const examples = h("section", { class: "examples", "aria-labelledby": "examples-title", hidden: true });
  get("/api/v1/examples").then(({ examples: found }) => {
    if (!found.length) return;
    examples.append(h("h2", { id: "examples-title" }, "Or begin with one of these"),
      h("ul", {}, found.map((/** @type {any} */ example) => exampleCard(example, () => wires.onSeeds(example.name, example.tracks)))));
    examples.hidden = false;
  }).catch(() => {}); // the page works without examples

  /** @param {CustomEvent<import("./drop.js").Dropped>} event */
  function onDropped(event) {
    event.preventDefault();
    const { file: given, words } = event.detail;
    if (given) take(given);
    else if (words) { draft.text = text.value = `${text.value}${text.value ? "\n" : ""}${words}`; update(); }
  }

  const screen = h("div", { class: "start", [`on${DROPPED}`]: onDropped },
    h("h1", {}, "Your playlist in, ", h("span", { class: "b" }, "the next one out.")),
    h("p", { class: "lead" }, "Give segue the songs you like. It finds the ones that belong with them, tells you why, and lets you steer. It runs on this machine, and needs no account."),
    box, message,
    h("div", { class: "picker" }, searchBox("Or pick songs one by one: title or artist", (track) => {
      if (!draft.picked.some((other) => other.track_id === track.track_id)) draft.picked.push(track);
      update();
    }), chips),
    examples);
  update();
  return screen;
}

/** The steps on the way to a result. */
export class ProgressScreen {
  /** @param {() => void} onCancel */
  constructor(onCancel) {
    this.steps = new Map([["read", "Reading the playlist"], ["match", "Finding its songs in the catalogue"], ["choose", "Choosing what follows"]].map(([key, words]) => [key, h("li", { "data-state": "later" }, h("span", { class: "mark" }, icon("check")), h("span", {}, words))]));
    this.element = h("div", { class: "progress", "aria-busy": "true" }, h("h1", {}, "One moment"), h("ol", {}, ...this.steps.values()), h("button", { type: "button", class: "button", onclick: onCancel }, "Cancel"));
  }

  /** @param {string} stage @param {any} more */
  enter(stage, more) {
    let state = "done";
    for (const [key, item] of this.steps) {
      if (key === stage) { state = "now"; item.setAttribute("aria-current", "step"); } else item.removeAttribute("aria-current");
      item.dataset.state = state;
      if (state === "now") state = "later";
    }
    const words = { match: () => `Finding ${plural(more.entries, "song")} in the catalogue${more.done ? ` (${more.done.toLocaleString("en")} done)` : ""}`, choose: () => `Choosing among ${plural(more.among, "song")}` }[stage];
    const item = this.steps.get(stage);
    if (words && item) find("span:last-child", item).textContent = words();
  }
}
