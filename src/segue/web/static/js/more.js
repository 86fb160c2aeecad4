// @ts-check
/** More songs for a small catalogue: a public set is offered, fetched with progress, and put in service. */

import { get, Problem, stream } from "./api.js";
import { h } from "./dom.js";
import { trouble } from "./start.js";

/** @typedef {{name: string, title: string, about: string, tracks: number, size_bytes: number, source: string, licence: string}} PublicSet */

const STAGES = { fetch: "Fetching", import: "Adding" };

/**
 * A box that offers a set with more songs than the catalogue has; empty where there is none.
 * @param {string} why
 * @param {number} size  of the catalogue
 * @param {() => void} onDone  asks again, now that more is there
 */
export function offerMore(why, size, onDone) {
  const box = h("div", { class: "notice more" });
  get("/api/v1/sets").then(({ sets }) => {
    const wanted = /** @type {PublicSet | undefined} */ (sets.find((/** @type {PublicSet} */ one) => one.tracks > size));
    if (!wanted) box.remove();
    else box.replaceChildren(...describe(wanted, why, () => fetchSet(box, wanted, onDone)));
  }, () => box.remove());
  return box;
}

/** @param {PublicSet} wanted @param {string} why @param {() => void} onclick */
function describe(wanted, why, onclick) {
  const size = `${Math.round(wanted.size_bytes / 1e6)} MB`, count = wanted.tracks.toLocaleString("en");
  return [
    h("p", {}, h("strong", {}, why), ` ${wanted.title}: ${wanted.about}. From `, h("a", { href: wanted.source, rel: "noreferrer", target: "_blank" }, new URL(wanted.source).host), `, labelled ${wanted.licence}.`),
    h("button", { type: "button", class: "button small", onclick }, `Get ${count} more songs (${size})`),
  ];
}

/** @param {HTMLElement} box @param {PublicSet} wanted @param {() => void} onDone */
async function fetchSet(box, wanted, onDone) {
  const bar = h("progress", { "aria-label": `Getting ${wanted.title}` }), words = h("p", { role: "status" }, "Fetching …");
  box.replaceChildren(words, bar);
  try {
    await stream(`/api/v1/sets/${wanted.name}`, {}, (event, data) => {
      if (event === "problem") throw new Problem(data);
      if (event === "stage") {
        words.textContent = `${STAGES[/** @type {keyof typeof STAGES} */ (data.stage)]} ${wanted.title} …`;
        if (data.total) { bar.max = data.total; bar.value = data.done; }
      }
      return event === "result";
    }, new AbortController().signal);
    onDone();
  } catch (error) {
    box.replaceChildren(trouble(/** @type {Problem} */ (error), [h("button", { type: "button", class: "button small", onclick: () => fetchSet(box, wanted, onDone) }, "Try again")]));
  }
}
