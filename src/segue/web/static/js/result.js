// @ts-check
/** The result: the list in the middle, steering on one side, the map and the sound on the other. */

import { isAbort, post, Problem } from "./api.js";
import { cover } from "./cover.js";
import { announce, h, icon, iconButton, openMenu, toast } from "./dom.js";
import { CatalogueMap } from "./map.js";
import { offerMore } from "./more.js";
import { copy, openSaveMenu } from "./save.js";
import { SongList } from "./songs.js";
import { spreadPanel } from "./spread.js";
import { trouble } from "./start.js";
import { toHash, toRequest } from "./state.js";
import { steerPanel } from "./steer.js";
import { plural } from "./words.js";

/** @typedef {import("./types.js").Answer} Answer */
/** @typedef {import("./types.js").Matches} Matches */
/** @typedef {import("./types.js").Pick} Pick */
/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Track} Track */
/**
 * @typedef {object} World
 * @property {import("./types.js").Catalogue} catalogue
 * @property {import("./state.js").Store} store
 * @property {() => import("./session.js").Session} session
 * @property {(name: string, ids: string[]) => void} begin
 * @property {() => void} onMore  what to do once the catalogue has more songs
 */

const SHOWN_SEEDS = 6;

/** Put the answer, the liked picks and a person's own order together. @param {Pick[]} picks @param {State} state @param {Map<string, Pick>} known */
export function arrange(picks, state, known) {
  const liked = state.liked.flatMap((id) => known.get(id) ?? []);
  const all = [...liked, ...picks.filter((pick) => !state.liked.includes(pick.track_id))].filter((pick) => !state.removed.includes(pick.track_id));
  if (!state.order) return all;
  const { order } = state, place = new Map(order.map((id, i) => [id, i]));
  return all.map((pick, i) => ({ pick, at: place.get(pick.track_id) ?? order.length + i })).sort((a, b) => a.at - b.at).map(({ pick }) => pick);
}

/** Fetch tracks by id. @param {string[]} ids @returns {Promise<Track[]>} */
const fetchTracks = async (ids) => (ids.length ? (await post("/api/v1/tracks", ids)).tracks.filter(Boolean) : []);

export class ResultScreen {
  // Made by `build`, which the constructor calls.
  map = /** @type {CatalogueMap} */ (/** @type {unknown} */ (null));
  list = /** @type {SongList} */ (/** @type {unknown} */ (null));
  steer = /** @type {ReturnType<typeof steerPanel>} */ (/** @type {unknown} */ (null));
  spread = /** @type {ReturnType<typeof spreadPanel>} */ (/** @type {unknown} */ (null));

  /** @param {World} world @param {Answer} answer @param {Matches | null} matches @param {Track[]} [seeds]  all of them: the answer repeats only those that were listened to */
  constructor(world, answer, matches, seeds = answer.seeds) {
    this.world = world;
    this.store = world.store;
    this.matches = matches;
    this.seeds = seeds;
    this.listened = answer.seeds.length;
    /** @type {{step: import("./state.js").Step, close: () => void} | null} */
    this.offered = null;
    this.unmatched = answer.unmatched;
    this.picks = answer.tracks;
    /** @type {Map<string, Pick>} */
    this.known = new Map(answer.tracks.map((track) => [track.track_id, track]));
    /** @type {Pick[]} */
    this.shown = [];
    /** @type {AbortController | null} */
    this.asking = null;
    this.again = false;
    this.changedAt = 0;
    this.addressTimer = 0;
    /** @type {any} */
    this.seedList = null;
    /** @type {any} */
    this.seedsToggle = null;
    this.element = this.build();
    this.turnTo("songs");
    this.showSeeds();
    this.listen = (/** @type {State} */ state, /** @type {State} */ before) => this.onState(state, before);
    this.store.listeners = [this.listen];
    this.onKey = (/** @type {KeyboardEvent} */ event) => {
      const typing = /** @type {HTMLElement} */ (event.target).closest("input:not([type=range]), textarea");
      if ((event.ctrlKey || event.metaKey) && event.key === "z" && !typing) { event.preventDefault(); this.undo(); }
    };
  }

  /** Build the screen of a bookmark. @param {World} world @param {State} state */
  static async restore(world, state) {
    world.store.begin(state);
    const answer = /** @type {Answer} */ (await post("/api/v1/recommendations", { ...toRequest(state), with_seeds: true }));
    const at = new Map(answer.seeds.map((track) => [track.track_id, track]));
    for (const track of await fetchTracks(state.seeds.filter((id) => !at.has(id)))) at.set(track.track_id, track);
    const screen = new ResultScreen(world, answer, null, state.seeds.flatMap((id) => at.get(id) ?? []));
    for (const track of await fetchTracks(state.liked)) screen.known.set(track.track_id, { ...track, reasons: [], ranking_score: 0 });
    return screen;
  }

  start() {
    addEventListener("keydown", this.onKey);
    this.render();
    this.map.load();
    announce(`${plural(this.shown.length, "song")} found`);
  }

  leave() {
    removeEventListener("keydown", this.onKey);
    clearTimeout(this.addressTimer);
    this.store.listeners = this.store.listeners.filter((one) => one !== this.listen);
    this.again = false;
    this.asking?.abort();
    this.offered?.close();
    this.map.leave();
  }

  build() {
    const { store, world } = this;
    this.title = h("h1", {});
    this.sub = h("p", { class: "sub" });
    this.undoButton = h("button", { type: "button", class: "button", onclick: () => this.undo() }, icon("undo"), "Undo");
    const share = iconButton("link", "Copy the address of this result", () => { this.writeAddress(); copy(location.href, "Address copied: it holds this very result"); });
    this.saveButton = h("button", { type: "button", class: "button primary", "aria-haspopup": "menu", "aria-expanded": "false", onclick: () => this.save() }, icon("save"), "Save");
    this.notices = h("div", { class: "notices" });
    this.list = new SongList(this.actions(), this.seeds);
    this.foot = h("p", { class: "list-foot" });
    this.place = h("div", {});
    this.songs = h("section", { class: "songs", id: "songs", "aria-label": "The new playlist", tabindex: -1 }, this.place, this.foot);
    this.steer = steerPanel(world.catalogue, store.state, this.seeds, (patch, what) => store.drag(patch, what));
    this.spread = spreadPanel(world.catalogue);
    this.map = new CatalogueMap(world.catalogue, { light: (track) => { this.list.light(track?.track_id ?? null); this.spread.light(track); }, choose: (track, at, back) => this.chooseOnMap(track, at, back) });
    const see = h("section", { class: "side", id: "see", "aria-label": "The taste, drawn", tabindex: -1 }, this.map.element, this.spread.element);
    const pane = (/** @type {string} */ name, /** @type {string} */ text) => h("button", { type: "button", "data-tab": name, "aria-pressed": "false", onclick: () => this.turnTo(name) }, text);
    this.tabs = h("nav", { class: "tabs", "aria-label": "Parts of the result" }, pane("songs", "Songs"), pane("steer", "Steer"), pane("see", "See"));
    return h("div", { class: "result" },
      h("header", { class: "result-head" }, h("div", {}, this.title, this.sub), h("div", { class: "actions" }, this.undoButton, share, this.saveButton), this.notices),
      this.tabs, this.steer.element, this.songs, see);
  }

  /** @param {string} name */
  turnTo(name) {
    this.element.dataset.pane = name;
    const wide = matchMedia("(min-width: 820px)").matches;
    for (const button of this.tabs.children) button.setAttribute("aria-pressed", String(button.dataset.tab === (wide && name === "songs" ? "steer" : name)));
    this.map?.redraw();
    if (!wide) scrollTo(0, 0);
  }

  /** @returns {import("./songs.js").SongActions} */
  actions() {
    const { store } = this;
    return {
      like: ({ track_id: id, name }) => {
        const on = !store.state.liked.includes(id);
        store.change({ liked: on ? [...store.state.liked, id] : store.state.liked.filter((other) => other !== id), order: this.list.ids() }, on ? `liking ${name}` : `no longer liking ${name}`);
        announce(on ? `You like ${name}` : `${name} is a pick again`);
      },
      dislike: ({ track_id: id, name }) => {
        this.offerUndo(`“${name}” will not come back`, store.change({ disliked: [...store.state.disliked, id], liked: store.state.liked.filter((other) => other !== id), order: this.list.ids() }, `disliking ${name}`));
      },
      remove: ({ track_id: id, name }) => {
        this.offerUndo(`“${name}” removed`, store.change({ removed: [...store.state.removed, id], liked: store.state.liked.filter((other) => other !== id), order: this.list.ids() }, `removing ${name}`));
      },
      moreLike: (track) => this.moreLike(track),
      banArtist: (track) => {
        const ids = [...this.known.values()].filter((other) => other.artists[0] === track.artists[0]).map((other) => other.track_id);
        const step = store.change({ disliked: [...new Set([...store.state.disliked, ...ids])], banned: [...new Set([...store.state.banned, track.artists[0]])] }, `no ${track.artists[0]}`);
        this.offerUndo(`Nothing by ${track.artists[0]} any more`, step);
      },
      reorder: (ids) => store.change({ order: ids }, "moving a song"),
      light: (track) => { this.map.light(track); this.spread.light(track); },
    };
  }

  /** @param {Track} track */
  moreLike(track) {
    this.world.begin(`More like ${track.name}`, [track.track_id]);
  }

  /** @param {Track} track @param {HTMLElement} at @param {HTMLElement} back */
  chooseOnMap(track, at, back) {
    const item = (/** @type {string} */ picture, /** @type {string} */ text, /** @type {() => void} */ onclick) => h("button", { type: "button", onclick }, icon(picture), text);
    const isSeed = this.store.state.seeds.includes(track.track_id);
    openMenu(at, [
      isSeed ? null : item("plus", "Add to your playlist", () => this.addSeed(track)),
      item("like-this", "More like this", () => this.moreLike(track)),
      track.url && h("a", { href: track.url, target: "_blank", rel: "noopener noreferrer" }, icon("out"), "Open in Spotify"),
    ], back);
  }

  /** @param {Track} track */
  addSeed(track) {
    this.seeds = [...this.seeds.filter((other) => other.track_id !== track.track_id), track];
    this.offerUndo(`“${track.name}” added to your playlist`, this.store.change({ seeds: [...new Set([...this.store.state.seeds, track.track_id])] }, `adding ${track.name}`));
  }

  /** Say what was done, with a way to take back that very step, whatever comes after it. @param {string} text @param {import("./state.js").Step} step */
  offerUndo(text, step) {
    this.offered = { step, close: toast(text, { label: "Undo", run: () => this.undo(step) }) };
  }

  /** @param {import("./state.js").Step} [step]  the last one when none is named */
  undo(step) {
    const what = this.store.undo(step);
    if (this.offered && !this.store.past.includes(this.offered.step)) { this.offered.close(); this.offered = null; }
    if (what) announce(`Taken back: ${what}`);
  }

  save() {
    const session = this.world.session();
    openSaveMenu(this.saveButton, { name: this.listName(), tracks: this.shown, spotifyReady: session.spotify_ready, spotifyUser: session.spotify_user });
  }

  listName() {
    const { name } = this.store.state;
    return name ? `After ${name}`.replace(/^After More like/, "More like") : "What follows";
  }

  /** @param {State} state @param {State} before */
  onState(state, before) {
    clearTimeout(this.addressTimer); // a browser takes only so many changes of the address in a row
    this.addressTimer = setTimeout(() => this.writeAddress(), 80);
    this.steer.update(state);
    // Taking a song out leaves the others as they are; bringing one back asks again.
    const removed = before.removed.every((id) => state.removed.includes(id)) ? before.removed : state.removed;
    const same = JSON.stringify(toRequest({ ...state, removed })) === JSON.stringify(toRequest(before));
    if (state.seeds !== before.seeds) this.syncSeeds();
    if (same) this.render();
    else { this.changedAt = performance.now(); this.ask(); }
  }

  writeAddress() { history.replaceState(null, "", toHash(this.store.state)); }

  /** The seeds' tracks after an undo may be some that are not at hand. */
  async syncSeeds() {
    const at = new Map(this.seeds.map((track) => [track.track_id, track]));
    const missing = this.store.state.seeds.filter((id) => !at.has(id));
    for (const track of await fetchTracks(missing)) at.set(track.track_id, track);
    this.seeds = this.store.state.seeds.flatMap((id) => at.get(id) ?? []);
    this.showSeeds();
    this.render();
  }

  /** Ask again; while one question is under way, only the newest of those that follow is asked. */
  async ask() {
    if (this.asking) { this.again = true; return; }
    this.asking = new AbortController();
    this.element.dataset.asking = "";
    const busy = setTimeout(() => this.songs.setAttribute("aria-busy", "true"), 250);
    try {
      const began = this.changedAt; // a change that waited for the answer before it counts from when it was made
      const answer = /** @type {Answer} */ (await post("/api/v1/recommendations", toRequest(this.store.state), this.asking.signal));
      this.picks = answer.tracks;
      for (const track of answer.tracks) this.known.set(track.track_id, track);
      this.render();
      performance.measure("segue:requery", { start: began, end: performance.now() });
    } catch (error) {
      if (!isAbort(error)) this.fail(/** @type {Problem} */ (error));
    } finally {
      clearTimeout(busy);
      this.songs.removeAttribute("aria-busy");
      this.asking = null;
      delete this.element.dataset.asking;
      if (this.again) { this.again = false; this.ask(); }
    }
  }

  /** @param {Problem} problem */
  fail(problem) {
    if (problem.kind === "nothing-fits") { this.picks = []; this.render(); return; }
    if (problem.status === 503) { setTimeout(() => this.element.isConnected && this.ask(), 1000); return; }
    this.place.replaceChildren(trouble(problem, [h("button", { type: "button", class: "button small", onclick: () => this.ask() }, "Try again")]), ...(this.shown.length ? [this.list.element] : []));
    this.foot.replaceChildren();
    this.showUndo(); // what led here can be taken back
  }

  render() {
    const { state } = this.store;
    this.shown = arrange(this.picks, state, this.known);
    const liked = new Set(state.liked);
    if (this.shown.length) {
      this.list.show(this.shown, liked);
      if (this.place.firstChild !== this.list.element) this.place.replaceChildren(this.list.element);
    } else this.place.replaceChildren(this.nothing());
    this.head();
    this.spread.update(this.seeds, this.shown);
    this.map.show(this.seeds, this.shown);
  }

  nothing() {
    const { state } = this.store, ruledOut = state.banned.length + state.disliked.length;
    const limited = Object.keys(state.dials).length || state.far || state.newArtists || state.popularity[0] > 0 || state.popularity[1] < 100 || state.years[0] !== null || state.years[1] !== null;
    if (!limited) {
      return h("div", { class: "card nothing" }, h("h2", {}, "Nothing is left"), h("p", {}, ruledOut ? "No limit is set: every song that could follow is ruled out by what you disliked, removed or banned. Undo takes the last of it back." : "No other song of this catalogue can follow. Add songs, or use a larger catalogue."));
    }
    return h("div", { class: "card nothing" }, h("h2", {}, "Nothing fits all of that"), h("p", {}, "No song of this catalogue lies within every limit at once. Loosen one of them, or let all go."),
      h("button", { type: "button", class: "button", onclick: () => this.store.change({ dials: {}, far: 0, popularity: [0, 100], years: [null, null], newArtists: false }, "letting all limits go") }, "Let all limits go"));
  }

  head() {
    const { state } = this.store, count = this.shown.length;
    const name = this.listName();
    document.title = `${name} – segue`;
    this.title.textContent = name;
    const minutes = Math.round(this.shown.reduce((sum, track) => sum + (track.features.duration_ms ?? 0), 0) / 60000);
    const length = minutes >= 60 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : `${minutes} min`;
    this.sub.replaceChildren(h("span", {}, `${plural(count, "song")}${minutes ? `, ${length}` : ""}`), this.seedsToggle);
    this.showUndo();
    this.saveButton.disabled = !count;
    const short = state.n - state.removed.length - count;
    this.foot.textContent = count && short > 0 ? `${plural(count, "song")} fit; ${state.n - state.removed.length} were asked for.` : "";
  }

  showUndo() {
    const last = this.store.past.at(-1);
    this.undoButton.disabled = !last;
    this.undoButton.title = last ? `Take back: ${last.what}` : "";
  }

  // -- the seeds, and what was not found ------------------------------------------------------------------

  showSeeds() {
    const { seeds } = this, missing = this.matches ? this.matches.entries.filter((entry) => !entry.track && !entry.songs.length) : [];
    const gone = this.matches ? missing.length : this.unmatched.length;
    this.seedList ??= h("div", { class: "card", id: "seed-list", hidden: true });
    this.seedList.replaceChildren(); // thousands of songs are drawn when they are looked at
    const open = this.seedsToggle?.getAttribute("aria-expanded") === "true";
    const fill = () => { if (!this.seedList.firstChild) this.seedList.append(this.listSeeds()); };
    if (open) fill();
    this.seedsToggle = h("button", { type: "button", class: "link-button seeds-toggle", "aria-expanded": String(open), "aria-controls": "seed-list", onclick: () => {
      this.seedList.hidden = !this.seedList.hidden;
      fill();
      this.seedsToggle.setAttribute("aria-expanded", String(!this.seedList.hidden));
    } }, h("span", { class: "stack" }, seeds.slice(0, SHOWN_SEEDS).map(cover)), `from ${plural(seeds.length, "song")} of yours`);
    this.seedList.hidden = !open;
    this.notices.replaceChildren(this.seedList, ...(gone ? [this.missingNotice(missing, gone)] : []), ...this.moreNotice(gone), ...this.namedNotice(), ...this.doubtfulNotice(), ...this.skippedNotice(), ...this.manyNotice());
  }

  listSeeds() {
    const { seeds } = this;
    return h("ul", { class: "seed-list", "aria-label": "Your songs" }, seeds.map((track) => h("li", {}, cover(track), h("div", {}, h("b", {}, track.name), h("span", {}, track.artists.join(", "))),
      seeds.length > 1 ? iconButton("x", `Take ${track.name} out of your playlist`, () => this.dropSeed(track)) : null)));
  }

  /** Say what is made of more songs than are listened to. */
  manyNotice() {
    const all = this.seeds.length;
    if (all <= this.listened) return [];
    return [h("p", { class: "notice" }, h("span", {}, h("strong", {}, `${plural(all, "song")} found. `),
      `The new playlist follows ${this.listened.toLocaleString("en")} of them, evenly spread over yours; none of the ${all.toLocaleString("en")} comes back.`))];
  }

  /** @param {Track} track */
  dropSeed(track) {
    this.seeds = this.seeds.filter((other) => other.track_id !== track.track_id);
    this.offerUndo(`“${track.name}” taken out`, this.store.change({ seeds: this.store.state.seeds.filter((id) => id !== track.track_id) }, `taking out ${track.name}`));
  }

  /** @param {import("./types.js").Entry[]} missing @param {number} gone */
  missingNotice(missing, gone) {
    const total = this.seeds.length + gone;
    const list = h("ul", { class: "card missing", hidden: true }, missing.slice(0, 100).map((entry) => h("li", {}, h("q", {}, entry.given),
      entry.others.slice(0, 2).map((track) => h("button", { type: "button", class: "button small", onclick: (/** @type {Event} */ e) => { /** @type {HTMLElement} */ (e.currentTarget).closest("li")?.remove(); this.addSeed(track); } }, icon("plus"), `${track.name} – ${track.artists[0] ?? ""}`)),
      entry.others.length ? null : h("span", { class: "muted" }, "nothing like it"))));
    const them = missing.length === 1 ? "it" : "them";
    const toggle = missing.length ? h("button", { type: "button", class: "link-button", "aria-expanded": "false", onclick: () => { list.hidden = !list.hidden; toggle.setAttribute("aria-expanded", String(!list.hidden)); toggle.textContent = `${list.hidden ? "Show" : "Hide"} ${them}`; } }, `Show ${them}`) : null;
    return h("div", {}, h("p", { class: "notice" }, h("span", {}, h("strong", {}, `${this.seeds.length.toLocaleString("en")} of ${total.toLocaleString("en")} songs found. `), `${plural(gone, "line")} led to no song of this catalogue. `, toggle)), list);
  }

  /** Where hardly any of the songs were found, offer more of them. @param {number} gone */
  moreNotice(gone) {
    const { catalogue, onMore } = this.world;
    return gone > this.seeds.length ? [offerMore("More songs can be had.", catalogue.tracks, onMore)] : [];
  }

  /** Say which songs stand for artists and albums that were named. */
  namedNotice() {
    const named = this.matches?.entries.filter(({ songs }) => songs.length).slice(0, 20) ?? [];
    return named.map(({ given, songs, method }) => h("p", { class: "notice" }, h("span", {}, h("strong", {}, `${given}: `),
      method === "album" ? `the ${plural(songs.length, "song")} of this album that the catalogue holds.` : `${plural(songs.length, "best-known song")} of it.`)));
  }

  /** Say which songs were taken for lines that may mean others; each can be taken out. */
  doubtfulNotice() {
    const kept = new Set(this.seeds.map((track) => track.track_id));
    const doubtful = this.matches?.entries.filter(({ is_doubtful, track }) => is_doubtful && track && kept.has(track.track_id)) ?? [];
    if (!doubtful.length) return [];
    return [h("div", {}, h("p", { class: "notice" }, h("span", {}, h("strong", {}, `${plural(doubtful.length, "song")} in doubt. `), "Look whether these are the songs that you mean.")),
      h("ul", { class: "card missing", id: "doubtful" }, doubtful.slice(0, 100).map(({ given, track, confidence }) => h("li", {}, h("q", {}, given), h("span", {}, `became ${track?.name ?? ""} – ${track?.artists[0] ?? ""} (${Math.round(confidence * 100)} %)`),
        track && this.seeds.length > 1 ? iconButton("x", `Take ${track.name} out of your playlist`, () => this.dropSeed(track)) : null))))];
  }

  skippedNotice() {
    const skipped = this.matches?.skipped ?? [];
    return skipped.length ? [h("p", { class: "notice" }, h("span", {}, `Left out: ${skipped.slice(0, 5).join("; ")}${skipped.length > 5 ? ` and ${skipped.length - 5} more` : ""}.`))] : [];
  }
}
