// @ts-check
/** Puts the screens together: the start, the way to a result, and the result. */

import { get, isAbort, postForm, Problem, stream } from "./api.js";
import { find, h, toast } from "./dom.js";
import { takeDrops } from "./drop.js";
import { offerMore } from "./more.js";
import { ResultScreen } from "./result.js";
import { askForToken, loadSession, showSpotify, signIn, takeReturn } from "./session.js";
import { ProgressScreen, startScreen, trouble } from "./start.js";
import { emptyState, fromHash, MAX_SEEDS, Store, toHash } from "./state.js";
import { startTheme } from "./theme.js";
import { plural } from "./words.js";

/** @typedef {import("./types.js").Answer} Answer */
/** @typedef {import("./types.js").Matches} Matches */
/** @typedef {import("./types.js").Track} Track */
/** @typedef {import("./start.js").Draft} Draft */

const main = find("#main");
const store = new Store();
/** @type {import("./types.js").Catalogue} */
let catalogue;
/** @type {import("./session.js").Session} */
let session = { token_needed: false, spotify_ready: false, spotify_user: null, notice: "" };
/** @type {Draft} */
let draft = { text: "", file: null, picked: [] };
/** Ends what belongs to the screen in front. */
let leave = () => {};

/** @param {Node} screen @param {() => void} [onLeave] */
function show(screen, onLeave = () => {}) {
  leave();
  leave = onLeave;
  main.replaceChildren(screen);
  scrollTo(0, 0);
}

/** @param {Problem | null} [problem] @param {(() => void) | null} [again]  asks once more for what failed */
function showStart(problem = null, again = null) {
  if (location.hash) history.pushState(null, "", location.pathname); // so that "back" leads to the result
  document.title = "segue – a playlist that follows yours";
  let message = null;
  if (problem) {
    const needsSpotify = ["sign-in-needed", "sign-in", "spotify-access"].includes(problem.kind) && session.spotify_ready && !session.spotify_user;
    const mayPass = again && (problem.status === 0 || problem.status === 429 || problem.status >= 500);
    message = trouble(problem, [mayPass ? h("button", { type: "button", class: "button small", onclick: again }, "Try again") : null, needsSpotify ? h("button", { type: "button", class: "button small", onclick: () => signIn(draft.text) }, "Sign in with Spotify") : null, problem.kind === "no-usable-seeds" && again ? offerMore("More songs can be had.", catalogue.tracks, () => renew(again)) : null]);
  }
  show(startScreen(draft, { onDraft: (given) => { draft = given; ask(draft); }, onSeeds: (name, ids) => begin(name, ids), isStarter: catalogue.is_starter }, message));
}

/** @param {ResultScreen} screen */
function showResult(screen) {
  show(screen.element, () => screen.leave());
  screen.start();
}

const world = () => ({ catalogue, store, session: () => session, begin, onMore: () => renew(draft.text || draft.file || draft.picked.length ? () => ask(draft) : restore) });

/** Ask again, once the catalogue has more songs. @param {() => void} again */
async function renew(again) {
  catalogue = await get("/api/v1/catalogue");
  showCatalogue();
  again();
}

const showCatalogue = () => { find("#catalogue-chip").textContent = plural(catalogue.tracks, "song") + (catalogue.is_starter ? " · starter catalogue" : ""); };

/** Ask with progress; the answer becomes a new result. @param {any} body @param {string} name @param {Matches | null} known */
async function follow(body, name, known = null) {
  const stop = new AbortController();
  const progress = new ProgressScreen(() => showStart());
  show(progress.element, () => stop.abort());
  let matches = known;
  /** @type {Track[]} */
  let seeds = [];
  try {
    /** @type {Answer | null} */
    let answer = null;
    await stream("/api/v1/recommendations/events", body, (event, data) => {
      if (event === "problem") throw new Problem(data);
      if (event === "stage") progress.enter(data.stage, data);
      else if (event === "match") { matches = known ?? data; seeds = found(data); }
      else if (event === "result") answer = data;
      return event === "result";
    }, stop.signal);
    if (answer && !stop.signal.aborted) accept(answer, matches, seeds, name);
  } catch (error) {
    if (!stop.signal.aborted) showStart(/** @type {Problem} */ (error), () => follow(body, name, known));
  }
}

/** Every song that was found, each once; the answer's own seeds are only those that were listened to. @param {Matches} matches @returns {Track[]} */
const found = (matches) => [...new Map(matches.entries.flatMap(({ track, songs }) => (track ? [track] : songs).map((one) => /** @type {[string, Track]} */ ([one.track_id, one])))).values()];

/** @param {Answer} answer @param {Matches | null} matches @param {Track[]} all  the seeds @param {string} name */
function accept(answer, matches, all, name) {
  const seeds = all.slice(0, MAX_SEEDS);
  if (seeds.length < all.length) toast(`Of ${plural(all.length, "song")}, the first ${MAX_SEEDS.toLocaleString("en")} are kept`);
  const state = { ...emptyState(), seeds: seeds.map((track) => track.track_id), name: name || answer.name || matches?.name || "" };
  store.begin(state);
  const screen = new ResultScreen(world(), answer, matches, seeds);
  history.pushState(null, "", toHash(state));
  showResult(screen);
  main.focus({ preventScroll: true });
}

/** Begin with ids alone. @param {string} name @param {string[]} ids */
function begin(name, ids) {
  return follow({ tracks: ids, n: emptyState().n }, name);
}

/** @param {Draft} given */
async function ask(given) {
  const picked = given.picked.map((track) => track.track_id), n = emptyState().n;
  if (!given.file) return follow({ playlist: given.text, tracks: picked, n }, "");
  const form = new FormData(), stop = new AbortController(), progress = new ProgressScreen(() => showStart());
  form.append("file", given.file);
  show(progress.element, () => stop.abort());
  progress.enter("read", {});
  try { // the file as it is, whatever its encoding; then the songs found in it
    const matches = /** @type {Matches} */ (await postForm("/api/v1/match/file", form, stop.signal));
    const ids = found(matches).map((track) => track.track_id);
    if (!ids.length) throw new Problem({ title: "None of these songs is in the catalogue", detail: `${plural(matches.missing, "line")} read, none found`, status: 422, type: "/docs#no-usable-seeds", hint: "Try other songs, or a larger catalogue: `segue catalogue import FILE`." });
    await follow({ tracks: [...new Set([...picked, ...ids])].slice(0, MAX_SEEDS), n }, matches.name || given.file.name.replace(/\.[^.]+$/, ""), matches);
  } catch (error) {
    if (!stop.signal.aborted) showStart(/** @type {Problem} */ (error), () => ask(given));
  }
}

/** A result that is in the address bar. */
async function restore() {
  const state = fromHash(location.hash, new Set(catalogue.features.map((feature) => feature.name)));
  if (!state) return showStart();
  const progress = new ProgressScreen(() => showStart());
  let isLeft = false;
  show(progress.element, () => { isLeft = true; });
  progress.enter("choose", { among: catalogue.tracks });
  const { hash } = location;
  try {
    const screen = await ResultScreen.restore(world(), state);
    if (!isLeft) showResult(screen);
  } catch (error) {
    if (!isLeft) showStart(/** @type {Problem} */ (error), () => { history.pushState(null, "", hash); restore(); });
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
  takeDrops(() => main.firstElementChild, (dropped) => {
    if (!catalogue || !dropped.file) return; // words dropped on a result, a link let go by mistake: the result stays
    draft = { text: "", file: dropped.file, picked: [] };
    ask(draft); // "back" leads to this result again
  });
  try {
    await refreshSession();
    if (session.token_needed) { await askForToken(); await refreshSession(); }
    catalogue = await get("/api/v1/catalogue");
  } catch (error) {
    main.replaceChildren(h("div", { class: "start" }, trouble(/** @type {Problem} */ (error), [h("button", { type: "button", class: "button small", onclick: () => location.reload() }, "Try again")])));
    return;
  }
  showCatalogue();
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
