// @ts-check
/** Drawn covers: always the same for a track, and a little like it sounds. Decoration, hidden from screen readers. */

import { svg } from "./dom.js";
import { hash } from "./words.js";

/** @typedef {import("./types.js").Track} Track */

/** @param {number} seed */
function* numbers(seed) {
  for (let state = seed || 1; ; ) {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d);
    state = Math.imul(state ^ (state >>> 12), 0x297a2d39);
    state ^= state >>> 15;
    yield (state >>> 0) / 4294967296;
  }
}

/** @typedef {{next: () => number, front: string, back: string, third: string, energy: number}} Brush */

/** @type {((brush: Brush) => SVGElement[])[]} */
const MOTIFS = [
  ({ next, front, third, energy }) => { // a sun and its rings
    const x = 14 + next() * 24, y = 14 + next() * 24, rings = 2 + Math.round(energy * 4);
    const parts = [svg("circle", { cx: x, cy: y, r: 6 + next() * 5, fill: front })];
    for (let i = 1; i <= rings; i += 1) parts.push(svg("circle", { cx: x, cy: y, r: 11 + i * 6, fill: "none", stroke: i % 2 ? third : front, "stroke-width": 1.6, opacity: 0.85 - i * 0.1 }));
    return parts;
  },
  ({ next, front, third, energy }) => { // waves
    const rows = 3 + Math.round(energy * 5), lift = 2 + energy * 5, shift = next() * 26;
    return Array.from({ length: rows }, (_, i) => {
      const y = ((i + 0.7) * 54) / rows;
      return svg("path", { d: `M${-26 + shift} ${y}q6.5 ${-lift} 13 0t13 0t13 0t13 0t13 0t13 0`, fill: "none", stroke: i % 2 ? front : third, "stroke-width": 2.4 });
    });
  },
  ({ next, front, third, energy }) => { // bars of an equaliser
    const bars = 5 + Math.round(energy * 4), wide = 52 / bars;
    return Array.from({ length: bars }, (_, i) => {
      const tall = 8 + next() * (16 + energy * 26);
      return svg("rect", { x: i * wide + 1, y: 52 - tall, width: wide - 2, height: tall, rx: 1.5, fill: i % 3 ? front : third });
    });
  },
  ({ next, front, third }) => { // two halves
    const turn = Math.round(next() * 8) * 45;
    return [svg("g", { transform: `rotate(${turn} 26 26)` },
      svg("path", { d: "M10 26a16 16 0 0 1 32 0Z", fill: front }), svg("path", { d: "M10 29a16 16 0 0 0 32 0Z", fill: third, opacity: 0.9 }))];
  },
  ({ next, front, third, energy }) => { // dots
    const step = energy > 0.6 ? 8.7 : 13, parts = [];
    for (let y = step / 2; y < 52; y += step) for (let x = step / 2; x < 52; x += step) parts.push(svg("circle", { cx: x, cy: y, r: 1 + next() * (step / 2.6), fill: next() > 0.3 ? front : third }));
    return parts;
  },
  ({ next, front, third, energy }) => { // a fan
    const blades = 6 + Math.round(energy * 8), turn = next() * 90, parts = [];
    for (let i = 0; i < blades; i += 1) {
      const from = ((turn + (i * 360) / blades) * Math.PI) / 180, to = from + Math.PI / blades;
      parts.push(svg("path", { d: `M26 26L${26 + 44 * Math.cos(from)} ${26 + 44 * Math.sin(from)}L${26 + 44 * Math.cos(to)} ${26 + 44 * Math.sin(to)}Z`, fill: i % 2 ? front : third }));
    }
    return parts;
  },
  ({ next, front, third }) => { // hills
    const high = 18 + next() * 12;
    return [svg("circle", { cx: 12 + next() * 28, cy: 14, r: 6, fill: third }),
      svg("path", { d: `M-2 54V${high + 12}Q13 ${high - 8} 28 ${high + 12}T56 ${high + 8}V54Z`, fill: front, opacity: 0.75 }),
      svg("path", { d: `M-2 54V${high + 24}Q18 ${high + 8} 34 ${high + 22}T56 ${high + 18}V54Z`, fill: front })];
  },
];

/** Three colours that go together, ground first: from sombre to bright. */
const PALETTES = [
  ["#1d2440", "#8f86e8", "#ffb86b"], ["#17324a", "#56b0b9", "#ffd166"], ["#3a1f3d", "#e08fae", "#f6d7a7"], ["#24402f", "#b9cf84", "#f1edd2"],
  ["#4a1f2b", "#f0a58f", "#ffe1d3"], ["#2b3a55", "#f2a65a", "#f7dfc0"], ["#0f5257", "#f0d08a", "#bfe0cf"], ["#5a3a82", "#f3a9c6", "#ffd9ab"],
  ["#8a3d33", "#f9cfae", "#2e2b44"], ["#37507a", "#a9c9e8", "#f5b24c"], ["#c75f45", "#fbd6b8", "#37304f"], ["#5f7f6c", "#e6efcf", "#f4b860"],
  ["#e2826a", "#413b5e", "#f6efdf"], ["#8fb6d6", "#274670", "#f8f3ea"], ["#e8b87c", "#6d4a94", "#fff2df"], ["#cfa3de", "#57308f", "#fff0f5"],
  ["#f3d2c1", "#b9607d", "#375a7c"], ["#bcd9b0", "#2f6b5a", "#fdf3d8"],
];

/**
 * @param {Track} track
 * @returns {SVGElement}
 */
export function cover(track) {
  // Artist and album first, so that songs of one album look like relatives.
  const family = hash(`${track.artists[0] ?? ""}${track.album ?? ""}`), source = numbers(family ^ (hash(track.track_id) & 7));
  const next = () => /** @type {number} */ (source.next().value);
  const energy = track.features.energy ?? 0.5, mood = track.features.valence ?? 0.5;
  const [back, front, third] = PALETTES[Math.max(0, Math.min(PALETTES.length - 1, Math.floor(mood * (PALETTES.length - 5)) + (family % 6)))];
  const art = svg("svg", { viewBox: "0 0 52 52", "aria-hidden": "true", preserveAspectRatio: "xMidYMid slice" });
  art.append(svg("rect", { width: 52, height: 52, fill: back }), ...MOTIFS[(family >>> 8) % MOTIFS.length]({ next, energy, back, front, third }));
  return art;
}
