import { useSearchParams } from 'next/navigation';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { searchOf, type View, viewFrom } from './view';

/** A view that has stood still for so long is a step of its own. */
const STEP_MS = 300;

const viewOf = (search: Iterable<readonly [string, string]>): View => viewFrom(Object.fromEntries(search));
const addressed = (): View => viewOf(new URLSearchParams(location.search));

interface AddressedView {
  readonly view: View;
  readonly setView: (view: View) => void;
  /** Whether the charts are held by a pointer: until they are let go of, all movement is one step. */
  readonly held: RefObject<boolean>;
}

/** What the page shows, kept in its address: Back leads to what was shown before. */
export function useView(): AddressedView {
  const params = useSearchParams();
  const [view, setView] = useState(() => viewOf(params));
  const held = useRef(false);

  useEffect(() => {
    const wanted = searchOf(view);
    if (wanted === searchOf(addressed())) return;
    const write = () => {
      if (held.current) timer = setTimeout(write, STEP_MS);
      else window.history.pushState(null, '', `/history${wanted}`);
    };
    let timer = setTimeout(write, STEP_MS);
    return () => clearTimeout(timer);
  }, [view]);

  useEffect(() => {
    const onPopState = () => {
      if (location.pathname === '/history') setView(addressed());
    };
    window.addEventListener('popstate', onPopState);
    return () => window.removeEventListener('popstate', onPopState);
  }, []);

  return { view, setView, held };
}
