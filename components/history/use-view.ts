import { useSearchParams } from 'next/navigation';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { searchOf, type View, viewFrom } from './view';

/** A view that has stood still for so long is a step of its own. */
const STEP_MS = 300;

const PATH = '/history';

interface AddressedView {
  readonly view: View;
  readonly setView: (view: View) => void;
  /** Whether the charts are held by a pointer: until they are let go of, all movement is one step. */
  readonly held: RefObject<boolean>;
}

/** What the page shows, kept in its address: Back leads to what was shown before, and a link to the page to its view. */
export function useView(): AddressedView {
  const searchParams = useSearchParams();
  const [view, setView] = useState(() => viewFrom(Object.fromEntries(searchParams)));
  const held = useRef(false);
  /** What the address was last given from here, or gave. */
  const known = useRef(searchOf(view));

  useEffect(() => {
    const wanted = searchOf(view);
    if (wanted === known.current) return;
    let timer = 0;
    const write = () => {
      clearTimeout(timer);
      document.removeEventListener('click', write, true);
      // On its way to another page, as by Back: that one's address is not ours to write.
      if (window.location.pathname !== PATH) return;
      known.current = wanted;
      window.history.pushState(null, '', `${PATH}${wanted}`);
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

  // The browser's own address, not the router's search: of a step and a Back right after it, the router draws only
  // the end, which is where it began. After every render too: a link to this page is no popstate.
  useEffect(() => {
    const follow = () => {
      if (window.location.pathname !== PATH) return;
      const addressed = viewFrom(Object.fromEntries(new URLSearchParams(window.location.search)));
      if (searchOf(addressed) === known.current) return;
      known.current = searchOf(addressed);
      setView(addressed);
    };
    follow();
    window.addEventListener('popstate', follow);
    return () => window.removeEventListener('popstate', follow);
  });

  return { view, setView, held };
}
