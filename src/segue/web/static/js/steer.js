// @ts-check
/** Sliders and switches. Each dial shows how the seeds lie, so that one sees where "more" begins. */

import { h, iconButton, svg } from "./dom.js";
import { FEATURES, KEYS, MAIN_DIALS, MORE_DIALS, plural, quantile, say } from "./words.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Track} Track */
/** @typedef {import("./types.js").Feature} Feature */
/** @typedef {(patch: Partial<State>, what: string) => void} Change */

const STEPS = 200;
const WAYS = { "~": "about", ">": "at least", "<": "at most" };

/** @param {Track[]} tracks @param {string} name */
const valuesOf = (tracks, name) => tracks.map((track) => track.features[name]).filter((value) => value != null).sort((a, b) => a - b);

/** The seeds as a hill: a smooth count over the range. @param {number[]} values @param {Feature} feature */
export function hill(values, { view_low: low, view_high: high }, width = 100, height = 20) {
  const bins = new Array(41).fill(0), spread = 2.2;
  for (const value of values) {
    const at = ((Math.min(high, Math.max(low, value)) - low) / (high - low)) * 40;
    for (let i = 0; i < bins.length; i += 1) bins[i] += Math.exp(-((i - at) ** 2) / (2 * spread ** 2));
  }
  const most = Math.max(...bins, 1e-9);
  const points = bins.map((count, i) => `${((i / 40) * width).toFixed(1)} ${(height - (count / most) * height).toFixed(1)}`);
  return { area: `M0 ${height}L${points.join("L")}L${width} ${height}Z`, line: `M${points.join("L")}` };
}

/**
 * One feature.
 * @param {Feature} feature
 * @param {State} state
 * @param {Track[]} seeds
 * @param {Change} change
 */
function dial(feature, state, seeds, change) {
  const { name, view_low: low, view_high: high } = feature, words = FEATURES[name];
  const known = valuesOf(seeds, name), set = state.dials[name];
  const middle = known.length ? quantile(known, 0.5) : (low + high) / 2;
  const toStep = (/** @type {number} */ value) => Math.round(((Math.min(high, Math.max(low, value)) - low) / (high - low)) * STEPS);
  const toValue = (/** @type {number} */ step) => Number((low + (step / STEPS) * (high - low)).toFixed(high - low > 5 ? 0 : 3));
  const output = h("output", { for: `dial-${name}` });
  const way = h("select", { "aria-label": `${words.label}: how strict`, onchange: () => put(Number(range.value)) },
    Object.entries(WAYS).map(([key, text]) => h("option", { value: key }, text)));
  const reset = iconButton("x", `Let ${words.label.toLowerCase()} follow the playlist`, () => {
    const { [name]: _, ...rest } = state.dials;
    change({ dials: rest }, `${words.label} let go`);
    range.focus();
  });
  const range = h("input", { type: "range", id: `dial-${name}`, min: 0, max: STEPS, step: 1, value: toStep(set?.value ?? middle), oninput: () => put(Number(range.value)) });

  /** @param {number} step */
  function put(step) {
    const dials = { ...state.dials, [name]: { way: /** @type {import("./types.js").Way} */ (way.value), value: toValue(step) } };
    change({ dials }, words.label);
  }

  const art = svg("svg", { viewBox: "0 0 100 20", preserveAspectRatio: "none", "aria-hidden": "true" });
  if (known.length) art.append(svg("path", { class: "hill", d: hill(known, feature).area }));
  const span = h("i", { class: "span" });
  const place = (/** @type {number} */ value) => (toStep(value) / STEPS) * 100;
  if (known.length) {
    const from = place(quantile(known, 0.1)), to = place(quantile(known, 0.9));
    span.style.left = `calc(8px + (100% - 16px) * ${from / 100})`;
    span.style.width = `calc((100% - 16px) * ${Math.max(1.5, to - from) / 100})`;
    range.setAttribute("aria-description", `your playlist: ${say(name, quantile(known, 0.1))} to ${say(name, quantile(known, 0.9))}`);
  } else span.hidden = true;
  const element = h("div", { class: "dial" },
    h("div", { class: "dial-head" }, h("label", { for: `dial-${name}` }, words.label), way, output, reset),
    h("div", { class: "dial-body" }, art, h("i", { class: "rail" }), span, range),
    h("div", { class: "dial-ends", "aria-hidden": "true" }, h("span", {}, words.low), h("span", {}, words.high)));

  /** @param {State} next */
  function update(next) {
    state = next;
    const now = state.dials[name];
    element.toggleAttribute("data-set", Boolean(now));
    element.toggleAttribute("data-free", !now);
    way.hidden = reset.hidden = !now;
    if (now) { way.value = now.way; if (document.activeElement !== range) range.value = String(toStep(now.value)); }
    else range.value = String(toStep(middle));
    output.textContent = now ? say(name, now.value) : "as your playlist";
    range.setAttribute("aria-valuetext", now ? `${WAYS[now.way]} ${say(name, now.value)}` : "as your playlist");
  }
  update(state);
  return { element, update };
}

/**
 * Two thumbs on one rail.
 * @param {{id: string, label: string, low: number, high: number, whole: string}} what
 * @param {(state: State) => [number, number]} read
 * @param {(pair: [number, number]) => void} write
 */
function double({ id, label, low, high, whole }, read, write) {
  const output = h("output", {});
  const span = h("i", { class: "span" });
  const [from, to] = ["from", "to"].map((side) => h("input", { type: "range", id: `${id}-${side}`, min: low, max: high, step: 1, "aria-label": `${label}, ${side}`, oninput: () => put(side) }));
  /** @param {string} side */
  function put(side) {
    const a = Number(from.value), b = Number(to.value);
    if (a > b) (side === "from" ? from : to).value = String(side === "from" ? b : a);
    write([Number(from.value), Number(to.value)]);
  }
  const element = h("div", { class: "dial double" }, h("div", { class: "dial-head" }, h("label", { for: `${id}-from` }, label), output), h("div", { class: "dial-body" }, h("i", { class: "rail" }), span, from, to));
  /** @param {State} state */
  function update(state) {
    const [a, b] = read(state), all = a <= low && b >= high;
    from.value = String(a); to.value = String(b);
    element.toggleAttribute("data-free", all); element.toggleAttribute("data-set", !all);
    output.textContent = all ? whole : `${a} to ${b}`;
    span.style.left = `calc(8px + (100% - 16px) * ${(a - low) / (high - low)})`;
    span.style.width = `calc((100% - 16px) * ${(b - a) / (high - low)})`;
  }
  return { element, update };
}

/** @param {Change} change */
function farDial(change) {
  const output = h("output", { for: "far" }), span = h("i", { class: "span" });
  const range = h("input", { type: "range", id: "far", min: 0, max: 100, step: 1, oninput: () => change({ far: Number(range.value) }, "Adventure") });
  const element = h("div", { class: "dial plain-dial" }, h("div", { class: "dial-head" }, h("label", { for: "far" }, "Adventure"), output), h("div", { class: "dial-body" }, h("i", { class: "rail" }), span, range),
    h("div", { class: "dial-ends", "aria-hidden": "true" }, h("span", {}, "what many play"), h("span", {}, "what few know")));
  /** @param {State} state */
  function update(state) {
    range.value = String(state.far);
    output.textContent = state.far ? `${state.far} %` : "off";
    element.toggleAttribute("data-free", !state.far); element.toggleAttribute("data-set", state.far > 0);
    span.style.left = "8px"; span.style.width = `calc((100% - 16px) * ${state.far / 100})`;
  }
  return { element, update };
}

/**
 * A row with a choice of a few.
 * @param {string} label
 * @param {[string, string][]} options
 * @param {(state: State) => string} read
 * @param {(value: string) => void} write
 */
function choice(label, options, read, write) {
  const select = h("select", { onchange: () => write(select.value) }, options.map(([value, text]) => h("option", { value }, text)));
  return { element: h("label", { class: "choice-row" }, label, select), update: (/** @type {State} */ state) => { select.value = read(state); } };
}

/** @param {string} label @param {(state: State) => boolean} read @param {(on: boolean) => void} write */
function toggle(label, read, write) {
  const input = h("input", { type: "checkbox", role: "switch", onchange: () => write(input.checked) });
  return { element: h("label", { class: "switch-row" }, label, input), update: (/** @type {State} */ state) => { input.checked = read(state); } };
}

/**
 * @param {import("./types.js").Catalogue} catalogue
 * @param {State} state
 * @param {Track[]} seeds
 * @param {Change} change
 */
export function steerPanel(catalogue, state, seeds, change) {
  const features = new Map(catalogue.features.map((feature) => [feature.name, feature]));
  const make = (/** @type {string[]} */ names) => names.flatMap((name) => {
    const feature = features.get(name);
    return feature?.known ? [dial(feature, state, seeds, (patch, what) => change(patch, what))] : [];
  });
  const main = make(MAIN_DIALS), more = make(MORE_DIALS);
  const pickOne = (/** @type {string} */ name, /** @type {string} */ value, /** @type {string} */ what) => {
    const { [name]: _, ...rest } = current.dials;
    change({ dials: value === "" ? rest : { ...rest, [name]: { way: "~", value: Number(value) } } }, what);
  };
  let current = state;
  const read = (/** @type {string} */ name) => (/** @type {State} */ s) => (s.dials[name] ? String(s.dials[name].value) : "");
  const keys = [
    choice("Key", [["", "any"], ...KEYS.map((text, i) => /** @type {[string, string]} */ ([String(i), text]))], read("key"), (value) => pickOne("key", value, "Key")),
    choice("Mode", [["", "any"], ["1", "major"], ["0", "minor"]], read("mode"), (value) => pickOne("mode", value, "Mode")),
  ];
  const parts = [farDial(change), double({ id: "popularity", label: "Popularity", low: 0, high: 100, whole: "any" }, (s) => s.popularity, (popularity) => change({ popularity }, "Popularity"))];
  const [first, last] = catalogue.years;
  if (first !== null && last !== null && last > first) {
    parts.push(double({ id: "years", label: "Years", low: first, high: last, whole: `${first} to ${last}` }, (s) => [s.years[0] ?? first, s.years[1] ?? last],
      ([a, b]) => change({ years: [a > first ? a : null, b < last ? b : null] }, "Years")));
  }
  const lists = [
    toggle("Only artists new to me", (s) => s.newArtists, (newArtists) => change({ newArtists }, "New artists")),
    toggle("Several versions of a song", (s) => s.anyVersion, (anyVersion) => change({ anyVersion }, "Versions")),
    choice("Songs by one artist", [["1", "at most 1"], ["2", "at most 2"], ["3", "at most 3"], ["5", "at most 5"], ["any", "any number"]], (s) => (s.perArtist === null ? "any" : String(s.perArtist)), (value) => change({ perArtist: value === "any" ? null : Number(value) }, "Songs by one artist")),
    choice("Length of the list", [["20", "20 songs"], ["30", "30 songs"], ["50", "50 songs"], ["100", "100 songs"], ["200", "200 songs"]], (s) => String(s.n), (value) => change({ n: Number(value) }, "Length")),
    choice("Order", [["smooth", "flowing"], ["score", "best first"]], (s) => s.sort, (value) => change({ sort: value === "score" ? "score" : "smooth", order: null }, "Order")),
  ];
  const clear = h("button", { type: "button", class: "link-button", onclick: () => change({ dials: {}, far: 0, popularity: [0, 100], years: [null, null], newArtists: false, perArtist: 3, anyVersion: false }, "Steering") }, "Reset");
  const all = [...main, ...more, ...keys, ...parts, ...lists];
  const details = h("details", { class: "more-dials" }, h("summary", {}, "More of the sound"), more.map((part) => part.element), keys.map((part) => part.element));
  if (MORE_DIALS.concat("key", "mode").some((name) => name in state.dials)) details.open = true;
  const element = h("section", { class: "side", id: "steer", "aria-labelledby": "steer-title", tabindex: -1 },
    h("div", { class: "panel-head" }, h("h2", { id: "steer-title" }, "Steer"), clear),
    seeds.length ? h("p", { class: "legend" }, h("span", { class: "seed" }, h("i", {}), `your ${plural(seeds.length, "song")}`)) : null,
    main.map((part) => part.element), details, h("hr", { class: "hr" }), parts.map((part) => part.element), h("hr", { class: "hr" }), lists.map((part) => part.element));
  /** @param {State} next */
  function update(next) {
    current = next;
    for (const part of all) part.update(next);
    clear.hidden = !(Object.keys(next.dials).length || next.far || next.newArtists || next.perArtist !== 3 || next.anyVersion || next.popularity[0] > 0 || next.popularity[1] < 100 || next.years[0] !== null || next.years[1] !== null);
  }
  update(state);
  return { element, update };
}
