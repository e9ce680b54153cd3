import { type WorkStore, workAsyncStorage } from 'next/dist/server/app-render/work-async-storage.external';
import { workUnitAsyncStorage } from 'next/dist/server/app-render/work-unit-async-storage.external';
import { createRequestStore } from 'next/dist/server/async-storage/request-store';

/** What of Next's store a server action reaches: enough to mark pages as stale. */
const workStore = () => ({ page: '/page', route: '/', incrementalCache: {} }) as unknown as WorkStore;

/** Runs a server action as Next would for a browser that sends this session's cookie; null = none. */
export function asBrowser<T>(session: string | null, action: () => Promise<T>): Promise<T> {
  const headers = new Headers({ host: 'site.test', origin: 'http://site.test' });
  if (session !== null) headers.set('cookie', `theme=dark; cc_session=${session}`);
  const request = createRequestStore({
    phase: 'action',
    headers,
    url: { pathname: '/' },
    rootParams: {},
    implicitTags: { tags: [], expirationsByCacheKind: new Map() },
    onUpdateCookies: undefined,
    resumeDataCache: null,
    previewProps: undefined,
    isHmrRefresh: undefined,
    serverComponentsHmrCache: undefined,
    hmrRefreshHash: undefined,
    stagedFallbackParams: null,
  });
  return workAsyncStorage.run(workStore(), () => workUnitAsyncStorage.run(request, action));
}
