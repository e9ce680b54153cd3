/**
 * Random numbers as a function of (seed, stream, index): nothing to carry between steps, so that a restart,
 * a different step length or a jump in time sees the same weather and the same habits.
 */

/** Uniform in [0, 1). Integer mixing after MurmurHash3's finaliser (public domain). */
export function uniform(seed: number, stream: number, index: number): number {
  let h = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(stream + 0x7f4a7c15, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b) ^ Math.imul(index | 0, 0x27d4eb2f);
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 4_294_967_296;
}

/** Roughly normal with mean 0 and deviation 1, within ±3.5: the sum of four uniforms. */
export function normal(seed: number, stream: number, index: number): number {
  const first = uniform(seed, stream, index) + uniform(seed, stream + 0x1000, index);
  const second = uniform(seed, stream + 0x2000, index) + uniform(seed, stream + 0x3000, index);
  return (first + second - 2) * 1.732;
}

/** Smooth noise in [0, 1) through one random knot per unit of `x`. */
export function smoothNoise(seed: number, stream: number, x: number): number {
  const knot = Math.floor(x);
  const f = x - knot;
  const s = f * f * (3 - 2 * f);
  return uniform(seed, stream, knot) * (1 - s) + uniform(seed, stream, knot + 1) * s;
}
