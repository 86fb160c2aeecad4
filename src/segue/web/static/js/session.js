// @ts-check
/** What this browser may do: a token for the server, a sign-in at Spotify. Both stay on the server. */

import { get, post, Problem } from "./api.js";
import { find, h, icon, openMenu, toast } from "./dom.js";
import { trouble } from "./start.js";

const RETURN = "segue:return";

/** @typedef {{token_needed: boolean, spotify_ready: boolean, spotify_user: string | null, notice: string}} Session */

/** @returns {Promise<Session>} */
export const loadSession = () => get("/api/v1/session");

/** Ask for the server's token; resolves when it was right. @returns {Promise<void>} */
export function askForToken() {
  if (document.querySelector("#token-dialog")) return new Promise(() => {});
  return new Promise((done) => {
    const input = h("input", { type: "password", autocomplete: "current-password", required: true, maxlength: 500 }), place = h("div", {});
    const dialog = h("dialog", { id: "token-dialog", "aria-labelledby": "token-title" },
      h("h2", { id: "token-title" }, "This server asks for a token"),
      h("p", { class: "muted" }, "Whoever runs it has a file of tokens. It is kept for this browser session only."),
      h("form", { onsubmit: async (/** @type {Event} */ e) => {
        e.preventDefault();
        try { await post("/api/v1/session", { token: input.value }); dialog.close(); dialog.remove(); done(); }
        catch (error) { place.replaceChildren(trouble(/** @type {Problem} */ (error))); }
      } }, h("label", { class: "field" }, "Token", input), place, h("div", { class: "row" }, h("button", { class: "button primary", type: "submit" }, "Go on"))));
    dialog.addEventListener("cancel", (/** @type {Event} */ e) => e.preventDefault());
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** Go to Spotify's sign-in, and come back to where one was. @param {string} [text] what was pasted */
export async function signIn(text = "") {
  try {
    const { url } = await post("/api/v1/spotify/sign-in", {});
    sessionStorage.setItem(RETURN, JSON.stringify({ hash: location.hash, text }));
    location.assign(url);
  } catch (error) {
    toast(/** @type {Error} */ (error).message);
  }
}

/** What to go back to after a sign-in, once. @returns {{hash: string, text: string} | null} */
export function takeReturn() {
  const kept = sessionStorage.getItem(RETURN);
  sessionStorage.removeItem(RETURN);
  return kept ? JSON.parse(kept) : null;
}

/** @param {Session} session @param {() => void} onChange */
export function showSpotify(session, onChange) {
  const place = find("#spotify-chip");
  place.replaceChildren();
  if (!session.spotify_ready) return;
  const button = session.spotify_user
    ? h("button", { type: "button", class: "button small", "aria-haspopup": "menu", "aria-expanded": "false", onclick: () => openMenu(button, [h("button", { type: "button", onclick: signOut }, icon("x"), "Sign out of Spotify")]) }, icon("spotify"), session.spotify_user)
    : h("button", { type: "button", class: "button small", onclick: () => signIn() }, icon("spotify"), "Sign in");
  async function signOut() {
    await post("/api/v1/spotify/sign-out", {}).catch(() => {});
    toast("Signed out; what came from Spotify is gone from this server");
    onChange();
  }
  place.append(button);
}
