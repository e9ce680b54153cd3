import { type NextRequest, NextResponse } from 'next/server';
import { PAGE_HEADER } from '@/lib/auth/return-to';

/** Tells a page its own address, which Next does not: a stranger is led back to it after signing in. */
export function proxy(request: NextRequest): NextResponse {
  const { pathname, search } = request.nextUrl;
  const headers = new Headers(request.headers);
  headers.set(PAGE_HEADER, pathname + search);
  return NextResponse.next({ request: { headers } });
}

export const config = { matcher: ['/', '/(history|decisions|gains)', '/settings/:path*'] };
