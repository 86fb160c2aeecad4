// @ts-check
/** The small shape of a song: six features round a centre, with the seeds' mean drawn over it. */

import { svg } from "./dom.js";
import { FEATURES, SHAPE, say } from "./words.js";

/** @typedef {import("./types.js").Track} Track */

const CENTRE = 22, FLOOR = 3, REACH = 17;

/** @param {(number | null | undefined)[]} values  0 to 1 */
function outline(values) {
  const points = values.map((value, i) => {
    const angle = (i / values.length) * 2 * Math.PI - Math.PI / 2, far = FLOOR + REACH * (value ?? 0);
    return `${(CENTRE + far * Math.cos(angle)).toFixed(1)} ${(CENTRE + far * Math.sin(angle)).toFixed(1)}`;
  });
  return `M${points.join("L")}Z`;
}

/** The mean of each feature over some tracks. @param {Track[]} tracks */
export function means(tracks) {
  return SHAPE.map((name) => {
    const known = tracks.map((track) => track.features[name]).filter((value) => value != null);
    return known.length ? known.reduce((sum, value) => sum + value, 0) / known.length : undefined;
  });
}

/**
 * @param {Track} track
 * @param {(number | null | undefined)[]} seeds  the seeds' means
 */
export function shape(track, seeds) {
  const values = SHAPE.map((name) => track.features[name]);
  const words = SHAPE.flatMap((name, i) => {
    const value = values[i];
    return value == null ? [] : [`${FEATURES[name].label.toLowerCase()} ${say(name, value)}`];
  });
  const label = words.length ? words.join(", ") : "features not known";
  const drawing = svg("svg", { class: "shape", viewBox: "0 0 44 44", role: "img", "aria-label": label });
  const title = svg("title");
  title.textContent = label;
  drawing.append(title, svg("path", { class: "ring", d: outline(SHAPE.map(() => 1)) }), svg("path", { class: "ring", d: outline(SHAPE.map(() => 0.5)) }));
  if (words.length) drawing.append(svg("path", { class: "self", d: outline(values) }));
  if (seeds.some((value) => value != null)) drawing.append(svg("path", { class: "seeds", d: outline(seeds) }));
  return drawing;
}
