// @ts-check
/** Features side by side: the catalogue as ground, the seeds as a hill, the picks as a line over it. */

import { h, svg } from "./dom.js";
import { hill } from "./steer.js";
import { FEATURES, SPREAD, quantile, say } from "./words.js";

/** @typedef {import("./types.js").Track} Track */
/** @typedef {import("./types.js").Feature} Feature */

const WIDTH = 100, HEIGHT = 38;

/** @param {Feature} feature */
function ground({ bins }) {
  const most = Math.max(...bins, 1), wide = WIDTH / bins.length;
  const points = bins.map((count, i) => `${((i + 0.5) * wide).toFixed(1)} ${(HEIGHT - (count / most) * HEIGHT * 0.8).toFixed(1)}`);
  return `M0 ${HEIGHT}L${points.join("L")}L${WIDTH} ${HEIGHT}Z`;
}

/** @param {Track[]} tracks @param {string} name */
const known = (tracks, name) => tracks.map((track) => track.features[name]).filter((value) => value != null).sort((a, b) => a - b);

/** @param {number[]} values @param {string} name */
const middle = (values, name) => (values.length ? say(name, quantile(values, 0.5)) : "not known");

/** @param {import("./types.js").Catalogue} catalogue */
export function spreadPanel(catalogue) {
  const rows = SPREAD.flatMap((name) => {
    const feature = catalogue.features.find((one) => one.name === name && one.known > 0);
    if (!feature) return [];
    const art = svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT + 4}`, preserveAspectRatio: "none", role: "img" });
    const parts = { seeds: svg("path", { class: "seeds" }), picks: svg("path", { class: "picks" }), lit: svg("line", { class: "lit", y1: -2, y2: HEIGHT, visibility: "hidden" }) };
    art.append(svg("path", { class: "all", d: ground(feature) }), parts.seeds, svg("line", { class: "base", x1: 0, x2: WIDTH, y1: HEIGHT, y2: HEIGHT }), parts.picks, parts.lit);
    const { label, low, high } = FEATURES[name];
    const element = h("div", { class: "spread-row" }, h("h3", {}, label), art, h("div", { class: "spread-ends", "aria-hidden": "true" }, h("span", {}, low), h("span", {}, high)));
    return [{ name, feature, art, parts, element }];
  });
  const element = h("section", { class: "panel", "aria-labelledby": "spread-title" }, h("div", { class: "panel-head" }, h("h2", { id: "spread-title" }, "How it sounds")),
    h("div", { class: "spread" }, rows.map((row) => row.element)),
    h("p", { class: "legend" }, h("span", { class: "seed" }, h("i", {}), "your playlist"), h("span", { class: "pick" }, h("i", {}), "what follows"), h("span", { class: "muted" }, "grey: the catalogue")));

  /** @param {Track[]} seeds @param {Track[]} picks */
  function update(seeds, picks) {
    for (const { name, feature, art, parts } of rows) {
      const given = known(seeds, name), found = known(picks, name);
      parts.seeds.setAttribute("d", given.length ? hill(given, feature, WIDTH, HEIGHT).area : "");
      parts.picks.setAttribute("d", found.length ? hill(found, feature, WIDTH, HEIGHT).line : "");
      art.setAttribute("aria-label", `${FEATURES[name].label}: your playlist around ${middle(given, name)}, the new songs around ${middle(found, name)}`);
    }
  }

  /** Show where one song lies. @param {Track | null} track */
  function light(track) {
    for (const { name, feature, parts } of rows) {
      const value = track?.features[name];
      parts.lit.setAttribute("visibility", value == null ? "hidden" : "visible");
      if (value == null) continue;
      const at = ((Math.min(feature.view_high, Math.max(feature.view_low, value)) - feature.view_low) / (feature.view_high - feature.view_low)) * WIDTH;
      parts.lit.setAttribute("x1", String(at)); parts.lit.setAttribute("x2", String(at));
    }
  }
  return { element, update, light };
}
