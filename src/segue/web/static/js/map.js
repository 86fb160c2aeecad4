// @ts-check
/** The map of the catalogue: pan, zoom, hover; the seeds and the picks on it. */

import { get, getBytes, post, Problem } from "./api.js";
import { h, iconButton } from "./dom.js";
import { drawPoints, Points } from "./points.js";
import { plural } from "./words.js";

/** @typedef {import("./types.js").Track} Track */

const FULL = 65536, MARGIN = 0.04, NEAR = 14, MAX_ZOOM = 60, TIP_PAUSE = 60;
const COLOURS = { energy: "energy", valence: "mood", acousticness: "acoustic", danceability: "dance", tempo: "tempo", year: "year", popularity: "popularity" };

/** @type {OffscreenCanvasRenderingContext2D | null} */
let pixel = null;

/** A CSS colour as numbers. @param {string} name @returns {[number, number, number]} */
function rgb(name) {
  pixel ??= new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const context = pixel;
  if (!context) return [128, 128, 128];
  context.clearRect(0, 0, 1, 1);
  context.fillStyle = name.startsWith("--") ? getComputedStyle(document.documentElement).getPropertyValue(name) : name;
  context.fillRect(0, 0, 1, 1);
  const [r, g, b] = context.getImageData(0, 0, 1, 1).data;
  return [r, g, b];
}

/** The map and its colours by address: loaded once in the life of a page, and shared by its screens. @type {Map<string, Promise<any>>} */
const loaded = new Map();

/** @template T @param {string} path @param {(bytes: ArrayBuffer) => T} read @returns {Promise<T>} */
function once(path, read) {
  const kept = loaded.get(path) ?? getBytes(path).then(read);
  loaded.set(path, kept);
  kept.catch(() => loaded.delete(path)); // what failed is asked for again
  return kept;
}

export class CatalogueMap {
  /**
   * @param {import("./types.js").Catalogue} catalogue
   * @param {{light: (track: Track | null) => void, choose: (track: Track, at: HTMLElement, back: HTMLElement) => void}} wires
   */
  constructor(catalogue, wires) {
    this.catalogue = catalogue;
    this.wires = wires;
    /** @type {Points | null} */
    this.points = null;
    /** @type {Map<string, number>} */
    this.rowOf = new Map();
    /** @type {Map<number, Track>} */
    this.trackAt = new Map();
    /** @type {{seeds: Track[], picks: Track[]}} */
    this.songs = { seeds: [], picks: [] };
    this.zoom = 1;
    this.centre = { x: FULL / 2, y: FULL / 2 };
    /** @type {Track | null} */
    this.lit = null;
    this.frame = 0;
    this.timer = 0;
    this.life = new AbortController();
    this.sizes = new ResizeObserver(() => this.redraw());
    this.build();
  }

  build() {
    this.base = h("canvas", { role: "img", tabindex: 0, "aria-label": `Map of ${plural(this.catalogue.tracks, "song")}. Arrow keys move it, plus and minus zoom.` });
    this.over = h("canvas", { class: "over", "aria-hidden": "true" });
    this.tip = h("div", { class: "map-tip", hidden: true });
    this.wait = h("div", { class: "wait" }, `Drawing the map of ${plural(this.catalogue.tracks, "song")}. This happens once for each catalogue.`);
    this.box = h("div", { class: "map" }, this.base, this.over, this.wait, this.tip,
      h("span", { class: "map-end e" }, "intense"), h("span", { class: "map-end w" }, "calm"), h("span", { class: "map-end n" }, "bright"), h("span", { class: "map-end s" }, "dark"),
      h("div", { class: "map-tools" }, iconButton("plus", "Zoom in", () => this.zoomBy(1.6)), iconButton("minus", "Zoom out", () => this.zoomBy(1 / 1.6)), iconButton("reset", "Show the whole map", () => this.home())));
    const names = Object.entries(COLOURS).filter(([name]) => name === "popularity" || (name === "year" ? this.catalogue.years[0] !== null : this.catalogue.features.some((one) => one.name === name && one.known)));
    this.colour = h("select", { "aria-label": "Colour the map by", onchange: () => this.shade() }, names.map(([value, text]) => h("option", { value }, `colour: ${text}`)));
    this.element = h("section", { class: "panel", "aria-labelledby": "map-title" }, h("div", { class: "panel-head" }, h("h2", { id: "map-title" }, "Where it lies")), this.box,
      h("p", { class: "legend" }, h("span", { class: "seed" }, h("i", {}), "your playlist"), h("span", { class: "pick" }, h("i", {}), "what follows"), this.colour));
    this.listen();
  }

  listen() {
    const { base } = this;
    /** @type {Map<number, {x: number, y: number}>} */
    const held = new Map();
    let moved = 0;
    base.addEventListener("pointerdown", (/** @type {PointerEvent} */ e) => { base.setPointerCapture(e.pointerId); held.set(e.pointerId, { x: e.offsetX, y: e.offsetY }); moved = 0; });
    base.addEventListener("pointermove", (/** @type {PointerEvent} */ e) => {
      const before = held.get(e.pointerId);
      if (!before) return this.hover(e.offsetX, e.offsetY);
      const others = [...held].filter(([id]) => id !== e.pointerId).map(([, place]) => place);
      moved += Math.abs(e.offsetX - before.x) + Math.abs(e.offsetY - before.y);
      if (others.length) { // two fingers: the distance between them zooms
        const other = others[0], was = Math.hypot(before.x - other.x, before.y - other.y), is = Math.hypot(e.offsetX - other.x, e.offsetY - other.y);
        this.zoomBy(is / Math.max(1, was), (e.offsetX + other.x) / 2, (e.offsetY + other.y) / 2);
      } else this.panBy(e.offsetX - before.x, e.offsetY - before.y);
      held.set(e.pointerId, { x: e.offsetX, y: e.offsetY });
    });
    const release = (/** @type {PointerEvent} */ e) => { held.delete(e.pointerId); };
    base.addEventListener("pointerup", release);
    // On click, not on pointerup: a menu that opens during pointerup is closed at once by the browser, which takes that very release for one outside of it.
    base.addEventListener("click", (/** @type {PointerEvent} */ e) => { if (moved < 4 && e.detail < 2) this.click(e.offsetX, e.offsetY); });
    base.addEventListener("pointercancel", release);
    base.addEventListener("pointerleave", () => this.hideTip());
    base.addEventListener("wheel", (/** @type {WheelEvent} */ e) => { e.preventDefault(); this.zoomBy(Math.exp(-e.deltaY * 0.0016), e.offsetX, e.offsetY); }, { passive: false });
    base.addEventListener("dblclick", (/** @type {MouseEvent} */ e) => this.zoomBy(2, e.offsetX, e.offsetY));
    base.addEventListener("keydown", (/** @type {KeyboardEvent} */ e) => {
      const pan = { ArrowLeft: [40, 0], ArrowRight: [-40, 0], ArrowUp: [0, 40], ArrowDown: [0, -40] }[e.key];
      if (pan) { e.preventDefault(); this.panBy(pan[0], pan[1]); }
      else if (e.key === "+" || e.key === "=") this.zoomBy(1.4);
      else if (e.key === "-") this.zoomBy(1 / 1.4);
      else if (e.key === "0") this.home();
    });
    this.sizes.observe(this.box);
    addEventListener("segue:theme", () => this.redraw(), { signal: this.life.signal });
  }

  /** Let go of all that outlives the elements. */
  leave() {
    this.life.abort();
    this.sizes.disconnect();
    cancelAnimationFrame(this.frame);
    clearTimeout(this.timer);
    for (const canvas of [this.base, this.over]) canvas.width = canvas.height = 0; // a canvas keeps its pixels until it is collected
  }

  get isLeft() { return this.life.signal.aborted; }

  async load() {
    for (let tries = 0; ; tries += 1) {
      try {
        this.points = await once("/api/v1/map", (bytes) => new Points(bytes));
        break;
      } catch (error) {
        // A large catalogue's first map takes longer than one answer may; it goes on being drawn meanwhile.
        if (!(error instanceof Problem) || error.status !== 503 || tries > 60 || this.isLeft) { this.wait.textContent = "The map cannot be shown. Everything else works."; return; }
        await new Promise((go) => setTimeout(go, 1500));
      }
    }
    if (this.isLeft) return;
    this.wait.remove();
    await Promise.all([this.shade(), this.show(this.songs.seeds, this.songs.picks)]);
  }

  async shade() {
    try {
      const asked = this.colour.value, bytes = await once(`/api/v1/map/colours/${asked}`, (data) => new Uint8Array(data));
      if (asked !== this.colour.value) return; // another colour was chosen meanwhile
      if (this.points && bytes.length === this.points.n) this.points.shades = bytes;
    } catch { /* the map is shown in one colour then */ }
    this.redraw();
  }

  /** @param {Track[]} seeds @param {Track[]} picks */
  async show(seeds, picks) {
    this.songs = { seeds, picks };
    if (!this.points) return;
    const all = [...seeds, ...picks], fresh = all.map((track) => track.track_id).filter((id) => !this.rowOf.has(id));
    if (fresh.length) {
      const rows = await post("/api/v1/map/rows", fresh).catch(() => fresh.map(() => -1));
      fresh.forEach((id, i) => this.rowOf.set(id, rows[i]));
    }
    for (const track of all) this.trackAt.set(this.rowOf.get(track.track_id) ?? -1, track);
    this.light(this.lit); // the points below stay as they are
  }

  /** @returns {import("./points.js").View & {ratio: number, size: number}} */
  view() {
    const ratio = Math.min(2, devicePixelRatio || 1), size = Math.max(1, Math.round(this.box.clientWidth * ratio));
    const scale = (size / (FULL * (1 + 2 * MARGIN))) * this.zoom;
    return { x: this.centre.x - size / 2 / scale, y: this.centre.y - size / 2 / scale, scale, ratio, size };
  }

  redraw() {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.draw());
  }

  draw() {
    if (!this.points || !this.box.clientWidth || this.isLeft) return;
    const view = this.view();
    for (const canvas of [this.base, this.over]) if (canvas.width !== view.size) canvas.width = canvas.height = view.size;
    const paint = { ramp: [rgb("--map-low"), rgb("--map-mid"), rgb("--map-high")], unknown: rgb("--line-2") };
    drawPoints(this.base.getContext("2d"), this.points, view, paint);
    this.drawSongs(view);
  }

  /** @param {ReturnType<CatalogueMap["view"]>} view */
  drawSongs(view) {
    const context = this.over.getContext("2d"), styles = getComputedStyle(document.documentElement);
    context.clearRect(0, 0, view.size, view.size);
    const disc = (/** @type {Track} */ track, /** @type {string} */ fill, /** @type {number} */ radius) => {
      const place = this.placeOf(track, view);
      if (!place) return;
      context.beginPath();
      context.arc(place.x, place.y, radius * view.ratio, 0, 7);
      context.fillStyle = fill;
      context.fill();
      context.lineWidth = 1.5 * view.ratio;
      context.strokeStyle = styles.getPropertyValue("--surface");
      context.stroke();
    };
    for (const track of this.songs.picks) disc(track, styles.getPropertyValue("--pick"), 4.5);
    for (const track of this.songs.seeds) disc(track, styles.getPropertyValue("--seed"), 5);
    if (this.lit) disc(this.lit, styles.getPropertyValue("--ink"), 7);
  }

  /** @param {Track} track @param {ReturnType<CatalogueMap["view"]>} view */
  placeOf(track, view) {
    const row = this.rowOf.get(track.track_id) ?? -1;
    if (row < 0 || !this.points) return null;
    return { x: (this.points.x[row] - view.x) * view.scale, y: view.size - (this.points.y[row] - view.y) * view.scale };
  }

  /** @param {number} dx @param {number} dy  in CSS pixels */
  panBy(dx, dy) {
    const { scale, ratio } = this.view(), clamp = (/** @type {number} */ v) => Math.max(0, Math.min(FULL, v));
    this.centre = { x: clamp(this.centre.x - (dx * ratio) / scale), y: clamp(this.centre.y + (dy * ratio) / scale) };
    this.hideTip();
    this.redraw();
  }

  /** @param {number} factor @param {number} [x] @param {number} [y]  what stays in place, in CSS pixels */
  zoomBy(factor, x = this.box.clientWidth / 2, y = this.box.clientWidth / 2) {
    const before = this.unitsAt(x, y);
    this.zoom = Math.max(1, Math.min(MAX_ZOOM, this.zoom * factor));
    const after = this.unitsAt(x, y);
    this.centre = this.zoom === 1 ? { x: FULL / 2, y: FULL / 2 } : { x: this.centre.x + before.x - after.x, y: this.centre.y + before.y - after.y };
    this.hideTip();
    this.redraw();
  }

  home() { this.zoom = 1; this.centre = { x: FULL / 2, y: FULL / 2 }; this.redraw(); }

  /** @param {number} x @param {number} y */
  unitsAt(x, y) {
    const view = this.view();
    return { x: view.x + (x * view.ratio) / view.scale, y: view.y + (view.size - y * view.ratio) / view.scale };
  }

  /** The row under a place: a seed or a pick before any other. @param {number} x @param {number} y */
  rowAt(x, y) {
    if (!this.points) return -1;
    const view = this.view(), at = this.unitsAt(x, y), far = (NEAR * view.ratio) / view.scale;
    let best = -1, least = far * far;
    for (const track of [...this.songs.picks, ...this.songs.seeds]) {
      const row = this.rowOf.get(track.track_id) ?? -1;
      if (row < 0) continue;
      const away = (this.points.x[row] - at.x) ** 2 + (this.points.y[row] - at.y) ** 2;
      if (away < least) { least = away; best = row; }
    }
    return best >= 0 ? best : this.points.nearest(at.x, at.y, far);
  }

  /** @param {number} row */
  async trackOf(row) {
    const known = this.trackAt.get(row);
    if (known) return known;
    const track = await get(`/api/v1/map/rows/${row}`);
    this.trackAt.set(row, track);
    return /** @type {Track} */ (track);
  }

  /** @param {number} x @param {number} y */
  hover(x, y) {
    clearTimeout(this.timer);
    const row = this.rowAt(x, y);
    if (row < 0) return this.hideTip();
    this.timer = setTimeout(() => this.trackOf(row).then((track) => { if (!this.isLeft) this.showTip(track, x, y); }).catch(() => {}), this.trackAt.has(row) ? 0 : TIP_PAUSE);
  }

  /** @param {Track} track @param {number} x @param {number} y */
  showTip(track, x, y) {
    const kind = this.songs.seeds.some((one) => one.track_id === track.track_id) ? "your playlist" : this.songs.picks.some((one) => one.track_id === track.track_id) ? "follows" : "";
    this.tip.replaceChildren(h("b", {}, track.name), `${track.artists.join(", ")}${kind ? ` · ${kind}` : ""}`);
    this.tip.hidden = false;
    const wide = this.tip.offsetWidth, size = this.box.clientWidth;
    this.tip.style.left = `${Math.max(6, Math.min(size - wide - 6, x - wide / 2))}px`;
    this.tip.style.top = y > 70 ? `${y - this.tip.offsetHeight - 12}px` : `${y + 18}px`;
    this.rowOf.set(track.track_id, this.rowOf.get(track.track_id) ?? this.rowAt(x, y));
    this.light(track);
    this.wires.light(track);
  }

  hideTip() {
    clearTimeout(this.timer);
    if (this.tip.hidden) return;
    this.tip.hidden = true;
    this.light(null);
    this.wires.light(null);
  }

  /** @param {number} x @param {number} y */
  async click(x, y) {
    const row = this.rowAt(x, y);
    if (row < 0) return;
    const track = await this.trackOf(row).catch(() => null);
    if (track && !this.isLeft) { this.showTip(track, x, y); this.wires.choose(track, this.tip, this.base); }
  }

  /** @param {Track | null} track */
  light(track) {
    this.lit = track;
    if (this.points && this.box.clientWidth && !this.isLeft) this.drawSongs(this.view());
  }
}
