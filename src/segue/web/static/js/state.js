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
const MAX_IN_ADDRESS = 1500;

/** @param {string[]} ids */
const joinIds = (ids) => ids.slice(0, MAX_IN_ADDRESS).join("");

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
    tracks: [...new Set([...state.seeds, ...state.liked])],
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

const UNDO_STEPS = 100;

/** The state in use, those before it, and who wants to hear of a change. */
export class Store {
  constructor() {
    /** @type {State} */
    this.state = emptyState();
    /** @type {{state: State, what: string}[]} */
    this.past = [];
    /** @type {((state: State, before: State) => void)[]} */
    this.listeners = [];
    this.lastKey = "";
    this.lastTime = 0;
  }

  /**
   * Change something.
   * @param {Partial<State>} patch
   * @param {string} what  what it was, for the undo button
   */
  change(patch, what) {
    // One drag of one slider is one step to undo, not a hundred.
    const key = Object.keys(patch).join() + what, now = performance.now();
    if (key !== this.lastKey || now - this.lastTime > 1200) {
      this.past.push({ state: this.state, what });
      if (this.past.length > UNDO_STEPS) this.past.shift();
    }
    this.lastKey = key;
    this.lastTime = now;
    this.replace({ ...this.state, ...patch });
  }

  /** Take back the last change; returns what it was. */
  undo() {
    const last = this.past.pop();
    if (!last) return "";
    this.lastKey = "";
    this.replace(last.state);
    return last.what;
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
