// @ts-check
/** Taking the list along: to Spotify, as a file, or as links. */

import { post, postForBlob, Problem } from "./api.js";
import { h, icon, openMenu, toast } from "./dom.js";
import { signIn } from "./session.js";
import { trouble } from "./start.js";
import { plural } from "./words.js";

/** @typedef {import("./types.js").Track} Track */
/** @typedef {{name: string, tracks: Track[], spotifyReady: boolean, spotifyUser: string | null}} Saving */

const FORMATS = [["csv", "CSV", "a table"], ["m3u8", "M3U8", "music players"], ["xspf", "XSPF", "music players"], ["jspf", "JSPF", "ListenBrainz"], ["uris", "Spotify URIs", "to paste"]];
const ENDINGS = /** @type {Record<string, string>} */ ({ uris: "txt" });

/** @param {Saving} what @param {string} format */
async function download({ name, tracks }, format) {
  try {
    const blob = await postForBlob("/api/v1/export", { tracks: tracks.map((track) => track.track_id), format, name: name.slice(0, 100) || "segue" });
    const url = URL.createObjectURL(blob);
    const link = h("a", { href: url, download: `${name.replace(/[^\p{L}\p{N} _-]+/gu, "_") || "segue"}.${ENDINGS[format] ?? format}` });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
    toast(`${plural(tracks.length, "song")} saved as ${format.toUpperCase()}`);
  } catch (error) {
    toast(/** @type {Error} */ (error).message);
  }
}

/** @param {string} text @param {string} done */
export async function copy(text, done) {
  try {
    await navigator.clipboard.writeText(text);
  } catch { // a page without https on another machine has no clipboard of its own
    const area = h("textarea", { value: text, class: "visually-hidden", "aria-hidden": "true" });
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  toast(done);
}

/** Ask for a name, then make the playlist. @param {Saving} what */
function saveToSpotify(what) {
  const name = h("input", { type: "text", maxlength: 100, required: true, value: what.name });
  const open = h("input", { type: "checkbox", role: "switch" });
  const go = h("button", { class: "button primary", type: "submit" }, "Make the playlist");
  const place = h("div", {});
  const dialog = h("dialog", { "aria-labelledby": "save-title" },
    h("h2", { id: "save-title" }, "Save to Spotify"),
    h("p", { class: "muted" }, `${plural(what.tracks.length, "song")}, in this order, for ${what.spotifyUser}.`),
    h("form", { method: "dialog", onsubmit: (/** @type {Event} */ e) => { e.preventDefault(); make(); } },
      h("label", { class: "field" }, "Name", name), h("label", { class: "switch-row" }, "Anyone may find it", open), place,
      h("div", { class: "row" }, h("button", { class: "button", type: "button", onclick: () => dialog.close() }, "Cancel"), go)));
  async function make() {
    go.disabled = true;
    place.replaceChildren();
    try {
      const saved = await post("/api/v1/spotify/playlists", { name: name.value, public: open.checked, tracks: what.tracks.map((track) => track.track_id) });
      dialog.replaceChildren(h("h2", { id: "save-title" }, "It is in your library"), h("p", { class: "muted" }, `${saved.name}, ${plural(saved.added + saved.present, "song")}.`),
        h("div", { class: "row" }, h("button", { class: "button", type: "button", onclick: () => dialog.close() }, "Close"), h("a", { class: "button primary", href: saved.url, target: "_blank", rel: "noopener noreferrer" }, "Open in Spotify", icon("out"))));
      dialog.querySelector("a")?.focus();
    } catch (error) {
      go.disabled = false;
      place.replaceChildren(trouble(/** @type {Problem} */ (error)));
    }
  }
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

/** @param {HTMLElement} button @param {Saving} what */
export function openSaveMenu(button, what) {
  const item = (/** @type {string} */ picture, /** @type {string} */ text, /** @type {() => void} */ onclick, note = "") => h("button", { type: "button", onclick }, icon(picture), text, note && h("small", {}, note));
  const spotify = !what.spotifyReady ? null
    : what.spotifyUser ? item("spotify", "Save to Spotify…", () => saveToSpotify(what), what.spotifyUser)
      : item("spotify", "Sign in to save to Spotify", () => signIn());
  const links = what.tracks.flatMap((track) => track.url ?? []);
  openMenu(button, [
    spotify, spotify && h("hr"),
    item("link", "Copy all links", () => copy(links.join("\n"), `${plural(links.length, "link")} copied: paste them into a Spotify playlist`)),
    h("hr"),
    ...FORMATS.map(([format, text, note]) => item("file", text, () => download(what, format), note)),
  ]);
}
