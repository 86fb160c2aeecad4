// @ts-check
/** Puts the screens together: the start, the way to a result, and the result. */

import { get, isAbort, postForm, Problem, stream } from "./api.js";
import { find, h, toast } from "./dom.js";
import { ResultScreen } from "./result.js";
import { askForToken, loadSession, showSpotify, signIn, takeReturn } from "./session.js";
import { ProgressScreen, startScreen, trouble } from "./start.js";
import { emptyState, fromHash, Store, toHash } from "./state.js";
import { startTheme } from "./theme.js";
import { plural } from "./words.js";

/** @typedef {import("./types.js").Answer} Answer */
/** @typedef {import("./types.js").Matches} Matches */
/** @typedef {import("./start.js").Draft} Draft */

const main = find("#main");
const store = new Store();
/** @type {import("./types.js").Catalogue} */
let catalogue;
/** @type {import("./session.js").Session} */
let session = { token_needed: false, spotify_ready: false, spotify_user: null, notice: "" };
/** @type {Draft} */
let draft = { text: "", file: null, picked: [] };
/** @type {ResultScreen | null} */
let result = null;

/** @param {Node} screen */
function show(screen) {
  result?.leave();
  result = null;
  main.replaceChildren(screen);
  scrollTo(0, 0);
}

/** @param {Problem | null} [problem] */
function showStart(problem = null) {
  if (location.hash) history.pushState(null, "", location.pathname); // so that "back" leads to the result
  document.title = "segue – a playlist that follows yours";
  let message = null;
  if (problem) {
    const needsSpotify = ["sign-in-needed", "sign-in", "spotify-access"].includes(problem.kind) && session.spotify_ready && !session.spotify_user;
    message = trouble(problem, [needsSpotify ? h("button", { type: "button", class: "button small", onclick: () => signIn(draft.text) }, "Sign in with Spotify") : null]);
  }
  show(startScreen(draft, { onDraft: (given) => { draft = given; ask(draft); }, onSeeds: (name, ids) => begin(name, ids), isStarter: catalogue.is_starter }, message));
}

/** @param {Answer} answer @param {Matches | null} matches */
function showResult(answer, matches) {
  const screen = new ResultScreen({ catalogue, store, session: () => session, begin }, answer, matches);
  show(screen.element);
  result = screen;
  screen.start();
  main.focus({ preventScroll: true });
}

/** Ask with progress; the answer becomes a new result. @param {any} body @param {string} name @param {Matches | null} known */
async function follow(body, name, known = null) {
  const stop = new AbortController();
  const progress = new ProgressScreen(() => { stop.abort(); showStart(); });
  show(progress.element);
  let matches = known;
  try {
    /** @type {Answer | null} */
    let answer = null;
    await stream("/api/v1/recommendations/events", body, (event, data) => {
      if (event === "stage") progress.enter(data.stage, data);
      else if (event === "match") matches = known ?? data;
      else if (event === "result") answer = data;
      else if (event === "problem") throw new Problem(data);
    }, stop.signal);
    if (!answer) throw new Problem({ title: "The answer broke off", hint: "Try again." });
    accept(answer, matches, name);
  } catch (error) {
    if (!isAbort(error)) showStart(/** @type {Problem} */ (error));
  }
}

/** @param {Answer} answer @param {Matches | null} matches @param {string} name */
function accept(answer, matches, name) {
  const seeds = answer.seeds.map((track) => track.track_id);
  const state = { ...emptyState(), seeds, name: name || answer.name || matches?.name || "" };
  store.begin(state);
  history.pushState(null, "", toHash(state));
  showResult(answer, matches);
}

/** Begin with ids alone. @param {string} name @param {string[]} ids */
function begin(name, ids) {
  return follow({ tracks: ids, n: emptyState().n }, name);
}

/** @param {Draft} given */
async function ask(given) {
  const picked = given.picked.map((track) => track.track_id), n = emptyState().n;
  if (!given.file) return follow({ playlist: given.text, tracks: picked, n }, "");
  const form = new FormData();
  form.append("file", given.file);
  try { // the file as it is, whatever its encoding; then the songs found in it
    const matches = /** @type {Matches} */ (await postForm("/api/v1/match/file", form));
    const found = matches.matches.flatMap((match) => (match.track ? [match.track.track_id] : []));
    if (!found.length) throw new Problem({ title: "None of these songs is in the catalogue", detail: `${plural(matches.missing, "line")} read, none found`, hint: "Try other songs, or a larger catalogue: `segue catalogue import FILE`." });
    await follow({ tracks: [...found, ...picked], n }, matches.name || given.file.name.replace(/\.[^.]+$/, ""), matches);
  } catch (error) {
    showStart(/** @type {Problem} */ (error));
  }
}

/** A result that is in the address bar. */
async function restore() {
  const state = fromHash(location.hash, new Set(catalogue.features.map((feature) => feature.name)));
  if (!state) return showStart();
  const progress = new ProgressScreen(() => showStart());
  show(progress.element);
  progress.enter("choose", { among: catalogue.tracks });
  try {
    const screen = await ResultScreen.restore({ catalogue, store, session: () => session, begin }, state);
    show(screen.element);
    result = screen;
    screen.start();
  } catch (error) {
    showStart(/** @type {Problem} */ (error));
  }
}

async function refreshSession() {
  session = await loadSession();
  showSpotify(session, refreshSession);
}

async function start() {
  startTheme();
  addEventListener("segue:token-needed", () => askForToken().then(() => location.reload()));
  find("#home").addEventListener("click", (event) => { event.preventDefault(); draft = { text: "", file: null, picked: [] }; showStart(); });
  addEventListener("popstate", () => restore());
  try {
    await refreshSession();
    if (session.token_needed) { await askForToken(); await refreshSession(); }
    catalogue = await get("/api/v1/catalogue");
  } catch (error) {
    main.replaceChildren(h("div", { class: "start" }, trouble(/** @type {Problem} */ (error), [h("button", { type: "button", class: "button small", onclick: () => location.reload() }, "Try again")])));
    return;
  }
  find("#catalogue-chip").textContent = plural(catalogue.tracks, "song") + (catalogue.is_starter ? " · starter catalogue" : "");
  const kept = takeReturn();
  if (location.search) history.replaceState(null, "", location.pathname + location.hash);
  if (session.notice) toast(session.notice);
  if (kept) {
    history.replaceState(null, "", location.pathname + kept.hash);
    draft.text = kept.text;
    if (session.spotify_user) toast(`Signed in as ${session.spotify_user}`);
  }
  if (location.hash.length > 1) await restore();
  else if (kept?.text && session.spotify_user) await ask(draft);
  else showStart();
}

start();
