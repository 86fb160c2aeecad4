// @ts-check
/** What a person has chosen: kept in the address bar, so that it can be bookmarked and shared, and undone. */

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Dial} Dial */

/** @returns {State} */
export const emptyState = () => ({
  name: "", seeds: [], liked: [], disliked: [], removed: [], order: null, n: 50, dials: {}, far: 0,
  popularity: [0, 100], years: [null, null], perArtist: 3, banned: [], newArtists: false, anyVersion: false, sort: "smooth",
});

const ID_LENGTH = 22;
export const MAX_SEEDS = 10000; // as many as the API takes; the address holds them all

/** @param {string[]} ids */
const joinIds = (ids) => ids.slice(0, MAX_SEEDS).join("");

/** @param {string | null} text @returns {string[]} */
const splitIds = (text) => (text ?? "").match(new RegExp(`[0-9A-Za-z]{${ID_LENGTH}}`, "g")) ?? [];

/** @param {string | null} text @param {number} low @param {number} high @param {number} fallback */
function readNumber(text, low, high, fallback) {
  const number = Number(text);
  return text === null || text === "" || !Number.isFinite(number) ? fallback : Math.min(high, Math.max(low, number));
}

/** @param {[number | null, number | null]} pair */
const joinPair = ([low, high]) => `${low ?? ""}-${high ?? ""}`;

/**
 * Write a state as the part of an address after "#".
 * @param {State} state
 */
export function toHash(state) {
  const start = emptyState(), query = new URLSearchParams();
  if (state.name) query.set("name", state.name);
  if (state.n !== start.n) query.set("n", String(state.n));
  for (const [name, { way, value }] of Object.entries(state.dials)) query.set(name, `${way}${value}`);
  if (state.far) query.set("far", String(state.far));
  if (joinPair(state.popularity) !== "0-100") query.set("popularity", joinPair(state.popularity));
  if (joinPair(state.years) !== "-") query.set("years", joinPair(state.years));
  if (state.perArtist !== start.perArtist) query.set("per", state.perArtist === null ? "any" : String(state.perArtist));
  for (const artist of state.banned) query.append("not", artist);
  if (state.newArtists) query.set("new", "1");
  if (state.anyVersion) query.set("versions", "1");
  if (state.sort !== start.sort) query.set("sort", state.sort);
  for (const [key, ids] of Object.entries({ up: state.liked, down: state.disliked, out: state.removed, order: state.order ?? [] })) {
    if (ids.length) query.set(key, joinIds(ids));
  }
  query.set("seeds", joinIds(state.seeds));
  return `#${query}`;
}

/** @param {string | null} text @returns {[number | null, number | null]} */
function readPair(text) {
  const found = /^(\d*)-(\d*)$/.exec(text ?? "");
  return found ? [found[1] ? Number(found[1]) : null, found[2] ? Number(found[2]) : null] : [null, null];
}

/**
 * Read a state out of an address; null when it holds no seeds.
 * @param {string} hash
 * @param {Set<string>} features  the names of features that exist
 * @returns {State | null}
 */
export function fromHash(hash, features) {
  const query = new URLSearchParams(hash.replace(/^#/, ""));
  const seeds = splitIds(query.get("seeds"));
  if (!seeds.length) return null;
  const state = emptyState();
  /** @type {Record<string, Dial>} */
  const dials = {};
  for (const [name, text] of query) {
    const found = features.has(name) ? /^([~<>])(-?\d+(?:\.\d+)?)$/.exec(text) : null;
    if (found) dials[name] = { way: /** @type {import("./types.js").Way} */ (found[1]), value: Number(found[2]) };
  }
  const [least, most] = readPair(query.get("popularity"));
  const order = splitIds(query.get("order"));
  const per = query.get("per");
  return {
    ...state, seeds, dials,
    name: (query.get("name") ?? "").slice(0, 100),
    n: Math.round(readNumber(query.get("n"), 1, 500, 50)),
    far: Math.round(readNumber(query.get("far"), 0, 100, 0)),
    popularity: [Math.min(least ?? 0, 100), Math.min(most ?? 100, 100)],
    years: readPair(query.get("years")),
    perArtist: per === "any" ? null : Math.round(readNumber(per, 1, 50, 3)),
    banned: query.getAll("not").map((name) => name.slice(0, 200)).slice(0, 200),
    newArtists: query.get("new") === "1",
    anyVersion: query.get("versions") === "1",
    sort: query.get("sort") === "score" ? "score" : "smooth",
    liked: splitIds(query.get("up")), disliked: splitIds(query.get("down")), removed: splitIds(query.get("out")),
    order: order.length ? order : null,
  };
}

/**
 * The request that a state stands for. Liked picks are seeds too, and stay in the list without being asked for.
 * @param {State} state
 */
export function toRequest(state) {
  /** @type {Record<string, Record<string, number>>} */
  const bounds = { "~": {}, ">": {}, "<": {} };
  const minimum = bounds[">"], maximum = bounds["<"];
  for (const [name, { way, value }] of Object.entries(state.dials)) bounds[way][name] = value;
  for (const name of ["key", "mode"]) { // one of a few: "about" a key means that very key
    if (name in bounds["~"]) { minimum[name] = maximum[name] = bounds["~"][name]; delete bounds["~"][name]; }
  }
  const [least, most] = state.popularity;
  return {
    tracks: [...new Set([...state.seeds.slice(0, MAX_SEEDS - state.liked.length), ...state.liked])],
    n: Math.max(1, state.n - state.liked.length - state.removed.length),
    with_seeds: false,
    controls: {
      max_per_artist: state.perArtist,
      new_artists_only: state.newArtists,
      one_version: !state.anyVersion,
      exclude_artists: state.banned,
      exclude_tracks: [...state.disliked, ...state.removed],
      minimum, maximum, target: bounds["~"],
      popularity: { minimum: least > 0 ? least : null, maximum: most < 100 ? most : null },
      years: { minimum: state.years[0], maximum: state.years[1] },
      adventurousness: state.far / 100,
      order: state.sort,
    },
  };
}

const UNDO_STEPS = 100, ONE_DRAG_MS = 1200;
/** Parts of a state that are sets: what one step put in can be taken out while what came later stays. */
const SETS = new Set(["seeds", "liked", "disliked", "removed", "banned"]);

/** @typedef {{before: State, after: State, what: string}} Step  one change, which can be taken back */

/** @param {string[]} now @param {string[]} before @param {string[]} after @returns {string[]} */
function revertSet(now, before, after) {
  const put = new Set(after.filter((id) => !before.includes(id)));
  return [...new Set([...now.filter((id) => !put.has(id)), ...before.filter((id) => !after.includes(id))])];
}

/** Take one step out of a state; what other steps did stays. @param {State} state @param {Step} step @returns {State} */
export function revert(state, { before, after }) {
  /** @type {Record<string, any>} */
  const next = { ...state }, was = /** @type {Record<string, any>} */ (before), became = /** @type {Record<string, any>} */ (after);
  for (const key of Object.keys(was)) {
    if (was[key] === became[key]) continue;
    if (next[key] === became[key]) next[key] = was[key];
    else if (SETS.has(key)) next[key] = revertSet(next[key], was[key], became[key]);
    else if (key === "dials") next.dials = revertDials(next.dials, was.dials, became.dials);
  }
  return /** @type {State} */ (next);
}

/** @param {Record<string, Dial>} now @param {Record<string, Dial>} before @param {Record<string, Dial>} after */
function revertDials(now, before, after) {
  const next = { ...now };
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (before[name] === after[name] || next[name] !== after[name]) continue;
    if (name in before) next[name] = before[name]; else delete next[name];
  }
  return next;
}

/** The state in use, the steps that led to it, and who wants to hear of a change. */
export class Store {
  constructor() {
    /** @type {State} */
    this.state = emptyState();
    /** @type {Step[]} */
    this.past = [];
    /** @type {((state: State, before: State) => void)[]} */
    this.listeners = [];
    this.lastKey = "";
    this.lastTime = 0;
  }

  /**
   * Change something; returns the step, so that a message can offer to take back that very one.
   * @param {Partial<State>} patch
   * @param {string} what  what it was, for the undo button
   * @returns {Step}
   */
  change(patch, what) {
    this.lastKey = "";
    const step = { before: this.state, after: { ...this.state, ...patch }, what };
    this.past.push(step);
    if (this.past.length > UNDO_STEPS) this.past.shift();
    this.replace(step.after);
    return step;
  }

  /**
   * Change what a hand is still moving: one drag of one slider is one step to undo, not a hundred.
   * @param {Partial<State>} patch
   * @param {string} what
   */
  drag(patch, what) {
    const key = Object.keys(patch).join() + what, now = performance.now(), last = this.past.at(-1);
    if (last && key === this.lastKey && now - this.lastTime <= ONE_DRAG_MS) {
      last.after = { ...this.state, ...patch };
      this.replace(last.after);
    } else this.change(patch, what);
    this.lastKey = key;
    this.lastTime = now;
  }

  /** Take back a step, the last one unless another is named; returns what it was, "" when it is taken back already. @param {Step} [step] */
  undo(step = this.past.at(-1)) {
    const at = step ? this.past.indexOf(step) : -1;
    if (!step || at < 0) return "";
    this.past.splice(at, 1);
    const later = this.past.slice(at);
    for (const one of later) { one.before = revert(one.before, step); one.after = revert(one.after, step); }
    this.lastKey = "";
    this.replace(later.length ? revert(this.state, step) : step.before);
    return step.what;
  }

  /** @param {State} state */
  replace(state) {
    const before = this.state;
    this.state = state;
    for (const listen of this.listeners) listen(state, before);
  }

  /** Begin anew; nothing to undo. @param {State} state */
  begin(state) {
    this.past = [];
    this.lastKey = "";
    this.state = state;
  }
}
