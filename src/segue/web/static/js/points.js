// @ts-check
/** Drawing very many points on a plain canvas: counted into pixels when they are dense, as discs when few. */

const CELLS = 128;
const DISCS = 9000;
const UNKNOWN = 255;
const SHADES = 16;

/** The points of a map, sorted into cells so that a part of it is found without looking at all. */
export class Points {
  /** @param {ArrayBuffer} bytes  all x, then all y, 16 bits each */
  constructor(bytes) {
    const all = new Uint16Array(bytes);
    this.n = all.length / 2;
    this.x = all.subarray(0, this.n);
    this.y = all.subarray(this.n);
    /** @type {Uint8Array | null} */
    this.shades = null;
    this.starts = new Uint32Array(CELLS * CELLS + 1);
    this.order = new Uint32Array(this.n);
    const { starts, order, x, y } = this;
    for (let i = 0; i < this.n; i += 1) starts[(y[i] >> 9) * CELLS + (x[i] >> 9) + 1] += 1;
    for (let i = 0; i < CELLS * CELLS; i += 1) starts[i + 1] += starts[i];
    const next = starts.slice();
    for (let i = 0; i < this.n; i += 1) order[next[(y[i] >> 9) * CELLS + (x[i] >> 9)]++] = i;
  }

  /**
   * Call with each run of cells in a rectangle (map units, 0 to 65535).
   * @param {number} left @param {number} low @param {number} right @param {number} high
   * @param {(from: number, to: number) => void} use  positions in `order`
   */
  within(left, low, right, high, use) {
    const clamp = (/** @type {number} */ v) => Math.max(0, Math.min(CELLS - 1, v >> 9));
    if (right < 0 || high < 0 || left > 65535 || low > 65535) return;
    const from = clamp(Math.max(0, left)), to = clamp(Math.min(65535, right));
    for (let row = clamp(Math.max(0, low)); row <= clamp(Math.min(65535, high)); row += 1) use(this.starts[row * CELLS + from], this.starts[row * CELLS + to + 1]);
  }

  /** The nearest point within a distance (map units); -1 for none. @param {number} x @param {number} y @param {number} far */
  nearest(x, y, far) {
    let best = -1, least = far * far;
    this.within(x - far, y - far, x + far, y + far, (from, to) => {
      for (let k = from; k < to; k += 1) {
        const i = this.order[k], away = (this.x[i] - x) ** 2 + (this.y[i] - y) ** 2;
        if (away < least) { least = away; best = i; }
      }
    });
    return best;
  }
}

/**
 * @typedef {object} View
 * @property {number} x  the map unit at the left edge
 * @property {number} y  the map unit at the lower edge
 * @property {number} scale  pixels a map unit
 *
 * @typedef {object} Paint
 * @property {[number, number, number][]} ramp  colours from low to high
 * @property {[number, number, number]} unknown
 */

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Points} points
 * @param {View} view
 * @param {Paint} paint
 */
export function drawPoints(context, points, view, paint) {
  const { width, height } = context.canvas;
  context.clearRect(0, 0, width, height);
  const edges = /** @type {const} */ ([view.x, view.y, view.x + width / view.scale, view.y + height / view.scale]);
  let visible = 0;
  points.within(...edges, (from, to) => { visible += to - from; });
  if (visible <= DISCS) drawDiscs(context, points, view, paint, { edges, visible });
  else drawDense(context, points, view, paint, { edges, visible });
}

/** @param {number} shade @param {Paint} paint @returns {[number, number, number]} */
function colourOf(shade, { ramp, unknown }) {
  if (shade === UNKNOWN) return unknown;
  const at = (shade / 254) * (ramp.length - 1), low = Math.min(ramp.length - 2, Math.floor(at)), part = at - low;
  return /** @type {[number, number, number]} */ (ramp[low].map((value, i) => value + (ramp[low + 1][i] - value) * part));
}

/**
 * @param {CanvasRenderingContext2D} context @param {Points} points @param {View} view @param {Paint} paint
 * @param {{edges: readonly [number, number, number, number], visible: number}} seen
 */
function drawDiscs(context, points, view, paint, { edges, visible }) {
  const { width, height } = context.canvas, { x, y, order, shades } = points;
  const radius = Math.max(1.2, Math.min(5, 0.13 * Math.sqrt((width * height) / Math.max(1, visible))));
  const paths = Array.from({ length: SHADES + 1 }, () => new Path2D());
  points.within(...edges, (from, to) => {
    for (let k = from; k < to; k += 1) {
      const i = order[k], shade = shades ? shades[i] : 127;
      const path = paths[shade === UNKNOWN ? SHADES : Math.min(SHADES - 1, Math.floor((shade * SHADES) / 255))];
      const px = (x[i] - view.x) * view.scale, py = height - (y[i] - view.y) * view.scale;
      path.moveTo(px + radius, py);
      path.arc(px, py, radius, 0, 6.2832);
    }
  });
  context.globalAlpha = 0.8;
  paths.forEach((path, i) => {
    const [r, g, b] = colourOf(i === SHADES ? UNKNOWN : (i * 254) / (SHADES - 1), paint);
    context.fillStyle = `rgb(${r} ${g} ${b})`;
    context.fill(path);
  });
  context.globalAlpha = 1;
}

/** @type {{counts: Float32Array, sums: Float32Array} | null} */
let scratch = null;

/**
 * @param {CanvasRenderingContext2D} context @param {Points} points @param {View} view @param {Paint} paint
 * @param {{edges: readonly [number, number, number, number], visible: number}} seen
 */
function drawDense(context, points, view, paint, { edges, visible }) {
  const { width, height } = context.canvas, { x, y, order, shades } = points, size = width * height;
  if (scratch?.counts.length !== size) scratch = { counts: new Float32Array(size), sums: new Float32Array(size) };
  const { counts, sums } = scratch;
  counts.fill(0); sums.fill(0);
  const wide = visible < 60000 ? 2 : 1;
  points.within(...edges, (from, to) => {
    for (let k = from; k < to; k += 1) {
      const i = order[k], px = ((x[i] - view.x) * view.scale) | 0, py = (height - (y[i] - view.y) * view.scale) | 0;
      if (px < 0 || py < 0 || px >= width - wide || py >= height - wide) continue;
      const shade = shades ? (shades[i] === UNKNOWN ? 127 : shades[i]) : 127;
      for (let dy = 0; dy < wide; dy += 1) for (let dx = 0; dx < wide; dx += 1) { const at = (py + dy) * width + px + dx; counts[at] += 1; sums[at] += shade; }
    }
  });
  const table = Array.from({ length: 255 }, (_, shade) => colourOf(shade, paint));
  const image = context.createImageData(width, height), { data } = image;
  const gain = 1.4 * Math.sqrt(size / (visible * wide * wide));
  for (let at = 0; at < size; at += 1) {
    const count = counts[at];
    if (!count) continue;
    const [r, g, b] = table[(sums[at] / count) | 0], to = at * 4;
    data[to] = r; data[to + 1] = g; data[to + 2] = b;
    data[to + 3] = 255 * (1 - Math.exp(-count * Math.min(1.2, Math.max(0.25, gain * 0.35))));
  }
  context.putImageData(image, 0, 0);
}
