import type { Request, Response } from 'express';

/** What cookies of the registry are called; browsers take `__Host-` from its own host alone, over TLS. */
const NAMES = { session: 'prompd_session', login: 'prompd_sign_in' } as const;
export type CookieName = keyof typeof NAMES;

/** Whether a request may come from somebody who is signed in by a cookie. */
export function hasSessionCookie(header: string | undefined): boolean {
  return header?.includes(NAMES.session) ?? false;
}

/** @returns undefined where there is none of a form that the registry gives */
export function readCookie(request: Request, baseUrl: string, name: CookieName): string | undefined {
  const wanted = fullName(name, baseUrl);
  for (const pair of (request.get('cookie') ?? '').slice(0, 8192).split(';')) {
    const at = pair.indexOf('=');
    if (at < 0 || pair.slice(0, at).trim() !== wanted) continue;
    const value = pair.slice(at + 1).trim();
    return /^[\w-]{20,200}$/.test(value) ? value : undefined;
  }
  return undefined;
}

/** Scripts never see it, and other sites' requests do not carry it. @param value undefined takes it away */
export function setCookie(
  response: Response,
  baseUrl: string,
  { name, value, maxAge }: { name: CookieName; value: string | undefined; maxAge: number },
): void {
  response.cookie(fullName(name, baseUrl), value ?? '', {
    httpOnly: true,
    secure: isSecure(baseUrl),
    sameSite: 'lax',
    path: '/',
    maxAge: value === undefined ? 0 : maxAge,
  });
}

function fullName(name: CookieName, baseUrl: string): string {
  return `${isSecure(baseUrl) ? '__Host-' : ''}${NAMES[name]}`;
}

function isSecure(baseUrl: string): boolean {
  return baseUrl.startsWith('https:');
}
