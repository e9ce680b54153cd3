import { parseReplayPast } from '@/lib/replay/parse';
import type { Answer, Question } from './messages';
import { Replayer } from './replayer';

async function load() {
  const response = await fetch('/api/replay/history', { headers: { Accept: 'application/json' } });
  const text = await response.text();
  if (response.ok) return parseReplayPast(text);
  if (response.status === 401) throw new Error('Sign in again to see what this would change.');
  throw new Error(problemOf(text) ?? `The history could not be read (${response.status}).`);
}

function problemOf(text: string): string | null {
  try {
    const problem: unknown = JSON.parse(text);
    const detail = typeof problem === 'object' && problem !== null && 'detail' in problem && problem.detail;
    return typeof detail === 'string' ? detail : null;
  } catch {
    return null;
  }
}

// A timer would cost four milliseconds each time; a message to oneself does not.
const channel = new MessageChannel();
let resume = () => {};
channel.port1.onmessage = () => resume();

const replayer = new Replayer({
  load,
  answer: (answer: Answer) => postMessage(answer),
  pause: () =>
    new Promise((resolve) => {
      resume = resolve;
      channel.port2.postMessage(null);
    }),
});

self.onmessage = ({ data }: MessageEvent<Question>) => void replayer.ask(data);
