// @ts-check
/** Search the catalogue as one types: a combobox after the ARIA pattern. */

import { get, isAbort } from "./api.js";
import { cover } from "./cover.js";
import { announce, h, icon } from "./dom.js";
import { plural } from "./words.js";

/** @typedef {import("./types.js").Track} Track */

const PAUSE = 70;
let count = 0;

/** Mark the parts of a text that were typed. @param {string} text @param {string[]} words */
function marked(text, words) {
  const parts = words.filter(Boolean).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  if (!parts.length) return [text];
  return text.split(new RegExp(`(?<![\\p{L}\\p{N}])(${parts.join("|")})`, "giu")).map((part, i) => (i % 2 ? h("mark", {}, part) : part));
}

/**
 * @param {string} label
 * @param {(track: Track) => void} onChoose
 * @returns {HTMLElement}
 */
export function searchBox(label, onChoose) {
  const id = `hits-${(count += 1)}`;
  /** @type {Track[]} */
  let hits = [];
  let at = -1;
  let timer = 0;
  /** @type {AbortController | undefined} */
  let asking;

  const input = h("input", {
    type: "text", role: "combobox", "aria-label": label, placeholder: label, "aria-expanded": "false", "aria-controls": id,
    "aria-autocomplete": "list", autocomplete: "off", spellcheck: "false", maxlength: 200,
    oninput: () => { clearTimeout(timer); timer = setTimeout(ask, PAUSE); },
    onkeydown: onKey, onblur: () => setTimeout(close, 120), onfocus: () => { if (input.value.trim()) ask(); },
  });
  const list = h("ul", { class: "hits", id, role: "listbox", "aria-label": "Songs found", hidden: true });

  function close() {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  /** @param {Track} track */
  function choose(track) {
    onChoose(track);
    announce(`${track.name} added`);
    input.value = "";
    close();
    input.focus();
  }

  /** @param {number} to */
  function move(to) {
    at = to;
    [...list.children].forEach((item, i) => item.setAttribute("aria-selected", String(i === at)));
    const item = list.children[at];
    if (item) { input.setAttribute("aria-activedescendant", item.id); item.scrollIntoView({ block: "nearest" }); }
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && hits.length) { event.preventDefault(); move((at + step + hits.length) % hits.length); }
    else if (event.key === "Enter" && !list.hidden && hits.length) { event.preventDefault(); choose(hits[Math.max(0, at)]); }
    else if (event.key === "Escape") close();
  }

  /** @param {string[]} words */
  function show(words) {
    list.replaceChildren(...(hits.length
      ? hits.map((track, i) => h("li", { id: `${id}-${i}`, role: "option", "aria-selected": "false", onmousedown: (/** @type {Event} */ e) => { e.preventDefault(); choose(track); } },
        h("span", { class: "cover-s" }, cover(track)),
        h("div", { class: "song-text" }, h("div", { class: "song-title" }, h("span", {}, marked(track.name, words))), h("div", { class: "song-by" }, marked(track.artists.join(", "), words), track.year ? ` · ${track.year}` : ""))))
      : [h("li", { class: "none", role: "option", "aria-disabled": "true" }, "Nothing in this catalogue begins with these words.")]));
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    announce(hits.length ? `${plural(hits.length, "song")} found` : "Nothing found");
    if (hits.length) move(0);
  }

  async function ask() {
    const text = input.value.trim();
    asking?.abort();
    if (!text) return close();
    asking = new AbortController();
    try {
      hits = (await get(`/api/v1/search?limit=8&q=${encodeURIComponent(text)}`, asking.signal)).tracks;
      show(text.split(/\s+/));
    } catch (error) {
      if (!isAbort(error)) { hits = []; list.replaceChildren(h("li", { class: "none" }, /** @type {Error} */ (error).message)); list.hidden = false; }
    }
  }

  return h("div", { class: "search" }, icon("search"), input, list);
}
