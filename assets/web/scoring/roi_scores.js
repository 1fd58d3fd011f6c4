// Region scores in the page: pure functions, no DOM.
//
// The server sends, once a picture, the Gram matrix G = F·Fᵀ of its raw patch features F (HW × D)
// and, once a prompt, the products S = F·t with the unit text vector t. A box whose RoIAlign
// weights are w (HW) then has the cosine (w·S) / √(wᵀGw): what the model would answer, without it.
// Of a picture with many patches it sends F itself, which is smaller then: wᵀGw is |w·F|².

/** @import {Corners} from "../core/corners.js" */

const fround = Math.fround;

/**
 * Patches of a picture, as far as lengths of their weighted sums need them.
 *
 * @typedef {object} Patches
 * @property {(cell: number) => number} length of one
 * @property {(cells: ArrayLike<number>, weights: ArrayLike<number>, count: number) => number} squaredLength of the sum
 *   of the first `count` cells by their weights
 */

/** Bytes of a base64 string. @param {string} text */
export function base64Bytes(text) {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/** Little-endian float16 bytes → Float32Array of half their length. @param {Uint8Array} bytes */
export function decodeHalf(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = new Float32Array(bytes.byteLength >> 1);
  for (let i = 0; i < values.length; i++) values[i] = halfToFloat(view.getUint16(2 * i, true));
  return values;
}

/** @param {number} half bits of a float16 */
function halfToFloat(half) {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/**
 * Upper triangle, row by row with the diagonal, of an n × n matrix → the whole symmetric matrix.
 *
 * @param {Float32Array} triangle
 * @param {number} n
 */
export function unpackTriangle(triangle, n) {
  if (triangle.length !== (n * (n + 1)) / 2) {
    throw new RangeError(`${triangle.length} values are no triangle of ${n} rows`);
  }
  const full = new Float32Array(n * n);
  let next = 0;
  for (let row = 0; row < n; row++) {
    for (let column = row; column < n; column++) {
      const value = triangle[next++];
      full[row * n + column] = value;
      full[column * n + row] = value;
    }
  }
  return full;
}

/**
 * Weight of each cell of one axis in the RoIAlign mean over an interval (one bin, aligned,
 * ceil(length) samples). The roundings follow float32, so that the number of samples is the server's.
 *
 * @param {number} start lower end, as a fraction of the axis
 * @param {number} end upper end
 * @param {number} size cells along the axis
 * @returns {{first: number, weights: Float64Array}} weights of cells first, first + 1, …; empty
 *   where the interval is
 */
export function samplingWeights(start, end, size) {
  const from = fround(fround(start) * size);
  const length = fround(fround(fround(end) * size) - from);
  const samples = Math.ceil(length);
  if (!(samples > 0)) return { first: 0, weights: new Float64Array(0) };
  const spacing = fround(length / samples);
  const all = new Float64Array(size);
  let first = size;
  let last = -1;
  for (let k = 0; k < samples; k++) {
    const raw = fround(fround(from - 0.5) + fround((k + 0.5) * spacing));
    if (raw < -1 || raw > size) continue;
    const point = Math.min(Math.max(raw, 0), size - 1);
    const low = Math.min(Math.floor(point), size - 1);
    const high = Math.min(low + 1, size - 1);
    all[low] += (1 - (point - low)) / samples;
    all[high] += (point - low) / samples;
    first = Math.min(first, low);
    last = Math.max(last, point > low ? high : low);
  }
  return { first, weights: all.slice(first, last + 1) };
}

/** Lengths of sums of patches by their Gram matrix. */
export class Gram {
  /** @param {Float32Array} triangle of the (n × n) matrix @param {number} n */
  constructor(triangle, n) {
    this.n = n;
    this.gram = unpackTriangle(triangle, n);
  }

  /** @param {number} cell */
  length(cell) {
    return Math.sqrt(this.gram[cell * this.n + cell]);
  }

  /** @type {Patches["squaredLength"]} */
  squaredLength(cells, weights, count) {
    const { n, gram } = this;
    let sum = 0;
    for (let a = 0; a < count; a++) {
      const row = cells[a] * n;
      let line = 0.5 * weights[a] * gram[row + cells[a]];
      for (let b = a + 1; b < count; b++) line += weights[b] * gram[row + cells[b]];
      sum += 2 * weights[a] * line;
    }
    return sum;
  }
}

/** The same by the features themselves. */
export class Features {
  /** @param {Float32Array} features (n × D), row by row @param {number} n */
  constructor(features, n) {
    this.features = features;
    this.dimensions = features.length / n;
    this.sum = new Float64Array(this.dimensions); // scratch
  }

  /** @param {number} cell */
  length(cell) {
    return Math.sqrt(this.squaredLength([cell], [1], 1));
  }

  /** @type {Patches["squaredLength"]} */
  squaredLength(cells, weights, count) {
    const { features, dimensions, sum } = this;
    sum.fill(0);
    for (let a = 0; a < count; a++) {
      const [start, weight] = [cells[a] * dimensions, weights[a]];
      for (let d = 0; d < dimensions; d++) sum[d] += weight * features[start + d];
    }
    return sum.reduce((total, value) => total + value * value, 0);
  }
}

/** Scores boxes of one picture. */
export class Scorer {
  /**
   * @param {number} height patches down
   * @param {number} width patches across
   * @param {Patches} patches
   */
  constructor(height, width, patches) {
    this.height = height;
    this.width = width;
    this.patches = patches;
    this.cells = new Int32Array(height * width); // scratch: cells inside the box …
    this.weights = new Float64Array(height * width); // … and their weights
  }

  /**
   * Cosine of a box with every prompt.
   *
   * @param {Readonly<Corners>} box
   * @param {Float32Array[]} products one S (HW) a prompt
   * @returns {Float64Array} one cosine a prompt; NaN for a box without area
   */
  score(box, products) {
    const count = this.#weigh(box);
    const length = count ? Math.sqrt(this.patches.squaredLength(this.cells, this.weights, count)) : NaN;
    return Float64Array.from(products, (product) => this.#dot(product, count) / length);
  }

  /** Cosine of every patch with one prompt: (HW), row by row. @param {Float32Array} product */
  patchCosines(product) {
    const n = this.height * this.width;
    const cosines = new Float32Array(n);
    for (let i = 0; i < n; i++) cosines[i] = product[i] / (this.patches.length(i) || 1);
    return cosines;
  }

  /** Cells in a box, and their weights; gives how many. @param {Readonly<Corners>} box */
  #weigh([x0, y0, x1, y1]) {
    const rows = samplingWeights(y0, y1, this.height);
    const columns = samplingWeights(x0, x1, this.width);
    let count = 0;
    for (let i = 0; i < rows.weights.length; i++) {
      const start = (rows.first + i) * this.width + columns.first;
      for (let j = 0; j < columns.weights.length; j++) {
        this.cells[count] = start + j;
        this.weights[count++] = rows.weights[i] * columns.weights[j];
      }
    }
    return count;
  }

  /** @param {Float32Array} product @param {number} count */
  #dot(product, count) {
    let sum = 0;
    for (let a = 0; a < count; a++) sum += this.weights[a] * product[this.cells[a]];
    return sum;
  }
}

/** Softmax of scale × cosine. @param {ArrayLike<number>} cosines @param {number} scale */
export function softmax(cosines, scale) {
  const values = Array.from(cosines);
  const top = Math.max(...values);
  const weights = values.map((cosine) => Math.exp(scale * (cosine - top)));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}
