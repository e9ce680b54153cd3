import { useSyncExternalStore } from 'react';

const EVENTS = ['beforeprint', 'afterprint'] as const;

let isPrinting = false;
const note = ({ type }: Event) => {
  isPrinting = type === 'beforeprint';
};

function subscribe(listener: () => void): () => void {
  for (const event of EVENTS) {
    window.addEventListener(event, note);
    window.addEventListener(event, listener);
  }
  return () => {
    for (const event of EVENTS) window.removeEventListener(event, listener);
  };
}

/** Whether the page is on its way to paper. What follows from it is drawn at once: a browser does not wait then. */
export function usePrinting(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => isPrinting,
    () => false,
  );
}
