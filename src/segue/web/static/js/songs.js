// @ts-check
/** The list of songs: rows that stay the same elements while the list around them changes. */

import { cover } from "./cover.js";
import { announce, h, icon, iconButton, openMenu } from "./dom.js";
import { means, shape } from "./shape.js";
import { minutes } from "./words.js";

/** @typedef {import("./types.js").Pick} Pick */
/** @typedef {import("./types.js").Track} Track */
/**
 * @typedef {object} SongActions
 * @property {(track: Pick) => void} like
 * @property {(track: Pick) => void} dislike
 * @property {(track: Pick) => void} remove
 * @property {(track: Pick) => void} moreLike
 * @property {(track: Pick) => void} banArtist
 * @property {(ids: string[]) => void} reorder
 * @property {(track: Pick | null) => void} light
 */

/** Spotify's player, loaded now that someone asks to hear it. @param {Track} track @param {() => void} onClose */
function player(track, onClose) {
  return h("div", { class: "player" },
    h("iframe", { src: `/player/${track.track_id}`, title: `Spotify's player: ${track.name}` }),
    h("p", {}, h("span", {}, "Spotify's player. It talks to Spotify from here on."), h("button", { type: "button", class: "link-button", onclick: onClose }, "Close")));
}

class Row {
  /**
   * @param {Pick} track
   * @param {SongActions} actions
   * @param {SongList} list
   * @param {(number | undefined)[]} seeds
   */
  constructor(track, actions, list, seeds) {
    this.track = track;
    const by = track.artists.join(", ") || "unknown artist", name = track.name || "untitled";
    this.like = iconButton("up", `Like ${name}`, () => actions.like(this.track), { "aria-pressed": "false", "data-act": "like" });
    const more = iconButton("more", `More about ${name}`, () => openMenu(more, this.menu(actions, list)), { "aria-haspopup": "menu", "aria-expanded": "false", "data-act": "more" });
    const grip = h("button", { type: "button", class: "grip", "aria-label": `Move ${name}; up and down arrows`, "data-act": "grip" }, icon("grip"));
    grip.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => list.drag(event, this));
    grip.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (step) { event.preventDefault(); event.stopPropagation(); list.move(this, step); grip.focus(); }
    });
    const art = h("button", { type: "button", class: "cover", "aria-label": `Play ${name}`, "data-act": "play", onclick: () => this.play() }, cover(track), h("span", { class: "play" }, icon("play")));
    this.why = h("div", { class: "song-why" });
    const length = track.features.duration_ms;
    const year = track.song_year ?? track.year;
    this.element = h("li", { class: "song", "data-id": track.track_id },
      grip, art,
      h("div", { class: "song-text" },
        h("div", { class: "song-title" }, h("span", { title: name }, name)),
        h("div", { class: "song-by" }, by, h("span", { class: "year" }, year ? ` · ${year}` : "", length ? ` · ${minutes(length)}` : "")),
        this.why),
      shape(track, seeds),
      h("div", { class: "song-actions" },
        this.like,
        iconButton("down", `Dislike ${name}`, () => actions.dislike(this.track), { "data-act": "dislike" }),
        track.url && h("a", { class: "icon-button wide", href: track.url, target: "_blank", rel: "noopener noreferrer", "aria-label": `${name} on Spotify`, title: "Open in Spotify", "data-act": "open" }, icon("out")),
        more));
    this.element.addEventListener("pointerenter", () => actions.light(this.track));
    this.element.addEventListener("pointerleave", () => actions.light(null));
    this.element.addEventListener("focusin", () => actions.light(this.track));
  }

  /** @param {SongActions} actions @param {SongList} list */
  menu(actions, list) {
    const item = (/** @type {string} */ picture, /** @type {string} */ text, /** @type {() => void} */ onclick) => h("button", { type: "button", onclick }, icon(picture), text);
    return [
      item("like-this", "More like this", () => actions.moreLike(this.track)),
      item("play", "Listen", () => this.play()),
      this.track.url && h("a", { href: this.track.url, target: "_blank", rel: "noopener noreferrer" }, icon("out"), "Open in Spotify"),
      h("hr"),
      item("top", "Move to the top", () => list.move(this, -Infinity)),
      item("x", "Remove from the list", () => actions.remove(this.track)),
      this.track.artists[0] ? item("down", `Nothing by ${this.track.artists[0]}`, () => actions.banArtist(this.track)) : null,
    ];
  }

  play() {
    const open = this.element.querySelector(".player");
    document.querySelectorAll(".song .player").forEach((other) => other.remove());
    if (open) return;
    this.element.append(player(this.track, () => this.element.querySelector(".player")?.remove()));
  }

  /** @param {Pick} track @param {boolean} liked */
  update(track, liked) {
    this.track = track;
    this.why.textContent = liked ? "You like this one; it now guides the rest." : (track.reasons[0]?.text ?? "");
    this.why.title = track.reasons.map((reason) => reason.text).join("\n");
    this.like.setAttribute("aria-pressed", String(liked));
    this.element.classList.toggle("liked", liked);
  }
}

export class SongList {
  /** @param {SongActions} actions @param {Track[]} seeds */
  constructor(actions, seeds) {
    this.actions = actions;
    this.seedMeans = means(seeds);
    /** @type {Map<string, Row>} */
    this.rows = new Map();
    this.element = h("ol", { class: "song-list", "aria-label": "Songs" });
    this.element.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.onKey(event));
  }

  /** @param {Pick[]} tracks @param {Set<string>} liked */
  show(tracks, liked) {
    const first = this.rows.size === 0;
    const focused = /** @type {HTMLElement | null} */ (document.activeElement?.closest(".song"));
    const act = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset.act;
    const place = focused ? [...this.element.children].indexOf(focused) : -1;
    /** @type {Map<string, Row>} */
    const next = new Map();
    for (const track of tracks) {
      let row = this.rows.get(track.track_id);
      if (!row) {
        row = new Row(track, this.actions, this, this.seedMeans);
        if (!first) row.element.classList.add("fresh");
      }
      row.update(track, liked.has(track.track_id));
      next.set(track.track_id, row);
    }
    this.rows = next;
    const wanted = [...next.values()].map((row) => row.element);
    for (const child of [...this.element.children]) if (!wanted.includes(child)) child.remove();
    wanted.forEach((element, i) => { if (this.element.children[i] !== element) this.element.insertBefore(element, this.element.children[i] ?? null); });
    // A row that had the focus may be gone: the one in its place gets it, so that a keyboard goes on from there.
    if (place >= 0 && !this.element.contains(document.activeElement)) this.focus(place, act ?? "like");
  }

  /** @param {number} at @param {string} act */
  focus(at, act) {
    const row = this.element.children[Math.max(0, Math.min(at, this.element.children.length - 1))];
    row?.querySelector(`[data-act="${act}"]`)?.focus();
  }

  ids() { return [...this.element.children].map((child) => child.dataset.id); }

  /** Up and down go to the same button of the next song; Alt moves the song itself. @param {KeyboardEvent} event */
  onKey(event) {
    const target = /** @type {HTMLElement} */ (event.target), row = target.closest(".song");
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!row || !step) return;
    event.preventDefault();
    const at = [...this.element.children].indexOf(row);
    if (event.altKey) this.move(/** @type {Row} */ (this.rows.get(/** @type {HTMLElement} */ (row).dataset.id ?? "")), step);
    else this.focus(at + step, target.dataset.act ?? "like");
  }

  /** @param {Row} row @param {number} step */
  move(row, step) {
    const all = [...this.element.children], at = all.indexOf(row.element);
    const to = Math.max(0, Math.min(all.length - 1, at + step));
    if (to === at) return;
    const focused = /** @type {HTMLElement | null} */ (document.activeElement);
    this.element.insertBefore(row.element, step > 0 ? all[to].nextSibling : all[to]);
    if (focused && row.element.contains(focused)) focused.focus();
    announce(`${row.track.name} is now number ${to + 1}`);
    this.actions.reorder(this.ids());
  }

  /** @param {PointerEvent} event @param {Row} row */
  drag(event, row) {
    const grip = /** @type {HTMLElement} */ (event.currentTarget), { element } = row;
    event.preventDefault();
    grip.setPointerCapture(event.pointerId);
    element.classList.add("dragging");
    const before = this.ids().join();
    const onMove = (/** @type {PointerEvent} */ e) => {
      const over = [...this.element.children].find((child) => { const box = child.getBoundingClientRect(); return child !== element && e.clientY >= box.top && e.clientY <= box.bottom; });
      // The others move round the one that is held: an element that is itself moved loses the pointer.
      if (over && over.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING) {
        while (element.previousElementSibling) {
          const passed = element.previousElementSibling;
          this.element.insertBefore(passed, element.nextSibling);
          if (passed === over) break;
        }
      } else if (over) {
        while (element.nextElementSibling) {
          const passed = element.nextElementSibling;
          this.element.insertBefore(passed, element);
          if (passed === over) break;
        }
      }
      if (e.clientY < 80) scrollBy(0, -14); else if (e.clientY > innerHeight - 80) scrollBy(0, 14);
    };
    const held = new AbortController(), { signal } = held;
    const onEnd = () => {
      held.abort();
      element.classList.remove("dragging");
      if (this.ids().join() !== before) this.actions.reorder(this.ids());
    };
    grip.addEventListener("pointermove", onMove, { signal });
    grip.addEventListener("pointerup", onEnd, { signal });
    grip.addEventListener("pointercancel", onEnd, { signal });
  }

  /** Light up one song, from the map. @param {string | null} id */
  light(id) {
    for (const [other, row] of this.rows) row.element.classList.toggle("lit", other === id);
  }
}
