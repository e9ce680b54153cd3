import type { WhatIfTimes } from './what-if-worker';

let longestFrameMs = 0;
let lastMs = performance.now();
const frame = (): void => {
  const nowMs = performance.now();
  longestFrameMs = Math.max(longestFrameMs, nowMs - lastMs);
  lastMs = nowMs;
  setTimeout(frame, 4);
};
frame();

const worker = new Worker('/worker.js', { type: 'module' });
worker.onmessage = ({ data }: MessageEvent<WhatIfTimes>) => {
  Object.assign(window, { times: { ...data, longestFrameMs } });
};
