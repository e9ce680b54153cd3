import { useSearchParams } from 'next/navigation';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { searchOf, type View, viewFrom } from './view';

/** A view that has stood still for so long is a step of its own. */
const STEP_MS = 300;

interface AddressedView {
  readonly view: View;
  readonly setView: (view: View) => void;
  /** Whether the charts are held by a pointer: until they are let go of, all movement is one step. */
  readonly held: RefObject<boolean>;
}

/** What the page shows, kept in its address: Back leads to what was shown before, and a link to the page to its view. */
export function useView(): AddressedView {
  const addressed = viewFrom(Object.fromEntries(useSearchParams()));
  const [view, setView] = useState(addressed);
  const held = useRef(false);
  const search = searchOf(addressed);
  /** What the address was last given from here, or gave. */
  const known = useRef(search);

  useEffect(() => {
    const wanted = searchOf(view);
    if (wanted === known.current) return;
    let timer = 0;
    const write = () => {
      clearTimeout(timer);
      document.removeEventListener('click', write, true);
      known.current = wanted;
      window.history.pushState(null, '', `/history${wanted}`);
    };
    const wait = () => {
      timer = window.setTimeout(() => (held.current ? wait() : write()), STEP_MS);
    };
    wait();
    // Before a pressed link leads away: written later it would call that off.
    document.addEventListener('click', write, true);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('click', write, true);
    };
  }, [view]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the view is read from the search, and made anew by every render
  useEffect(() => {
    if (search === known.current) return;
    known.current = search;
    setView(addressed);
  }, [search]);

  return { view, setView, held };
}
