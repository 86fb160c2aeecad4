// @ts-check
/** What features are called on the page, and how their values read. */

/** @type {Record<string, {label: string, low: string, high: string}>} */
export const FEATURES = {
  energy: { label: "Energy", low: "calm", high: "intense" },
  valence: { label: "Mood", low: "dark", high: "bright" },
  tempo: { label: "Tempo", low: "slow", high: "fast" },
  danceability: { label: "Dance", low: "free", high: "steady beat" },
  acousticness: { label: "Acoustic", low: "electric", high: "acoustic" },
  instrumentalness: { label: "Voice", low: "sung", high: "instrumental" },
  speechiness: { label: "Speech", low: "music", high: "spoken" },
  liveness: { label: "Audience", low: "studio", high: "live" },
  loudness: { label: "Loudness", low: "soft", high: "loud" },
  duration_ms: { label: "Length", low: "short", high: "long" },
};
export const MAIN_DIALS = ["energy", "valence", "tempo", "danceability", "acousticness", "instrumentalness"];
export const MORE_DIALS = ["speechiness", "liveness", "loudness", "duration_ms"];
export const SHAPE = ["energy", "danceability", "valence", "acousticness", "instrumentalness", "speechiness"];
export const SPREAD = ["energy", "valence", "tempo", "danceability", "acousticness", "instrumentalness", "loudness", "speechiness"];
export const KEYS = ["C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B"];

/** @param {number} ms */
export const minutes = (ms) => `${Math.floor(ms / 60000)}:${String(Math.floor((ms % 60000) / 1000)).padStart(2, "0")}`;

/** @param {string} name @param {number} value */
export function say(name, value) {
  if (name === "tempo") return `${Math.round(value)} BPM`;
  if (name === "loudness") return `${Math.round(value)} dB`;
  if (name === "duration_ms") return minutes(value);
  return `${Math.round(value * 100)} %`;
}

/** @param {number} count @param {string} one @param {string} [many] */
export const plural = (count, one, many = `${one}s`) => `${count.toLocaleString("en")} ${count === 1 ? one : many}`;

/** A small number that always is the same for the same text. @param {string} text */
export function hash(text) {
  let value = 2166136261;
  for (let i = 0; i < text.length; i += 1) value = Math.imul(value ^ text.charCodeAt(i), 16777619);
  return value >>> 0;
}

/** @param {number[]} sorted @param {number} part  0 to 1 */
export const quantile = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.max(0, Math.round(part * (sorted.length - 1))))];
