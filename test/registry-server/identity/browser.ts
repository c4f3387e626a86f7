import { z } from 'zod';
import { jsonBody, type TestRegistry } from '../../support/registry.js';

/** Somebody in front of a browser: keeps cookies, follows no redirect by itself, and says where its requests come from. */
export interface Browser {
  request(path: string, init?: RequestInit): Promise<Response>;
  post(path: string, value: unknown, method?: string): Promise<Response>;
  /** The cookies that it would send, by name. */
  readonly cookies: Map<string, string>;
}

/** @param origin of the page that asks; the registry's own by default, undefined for what says nothing */
export function openBrowser({ url }: Pick<TestRegistry, 'url'>, origin: string | undefined = url): Browser {
  const cookies = new Map<string, string>();
  const request: Browser['request'] = async (path, init = {}) => {
    const headers = new Headers(init.headers);
    if (cookies.size > 0)
      headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '));
    if (origin !== undefined && init.method !== undefined && init.method !== 'GET')
      headers.set('origin', origin);
    const answer = await fetch(new URL(path, url), { ...init, headers, redirect: 'manual' });
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    return answer;
  };
  return { request, post: (path, value, method = 'POST') => request(path, jsonBody(method, value)), cookies };
}

export const PASSWORD = 'correct horse battery staple';

/** Makes a user as the admin. */
export async function makeUser(
  registry: TestRegistry,
  name: string,
  more: Record<string, unknown> = {},
): Promise<void> {
  const answer = await registry.request('/users', jsonBody('POST', { name, password: PASSWORD, ...more }));
  if (answer.status !== 201) throw new Error(`no user: ${answer.status} ${await answer.text()}`);
}

/** A browser in which a user has signed in. */
export async function signedIn(registry: TestRegistry, name: string, password = PASSWORD): Promise<Browser> {
  const browser = openBrowser(registry);
  const answer = await browser.post('/auth/sign-in', { name, password });
  if (answer.status !== 200) throw new Error(`not signed in: ${answer.status} ${await answer.text()}`);
  return browser;
}

/** The code of a problem document. */
export async function codeOf(answer: Response): Promise<string> {
  return z.object({ code: z.string() }).parse(await answer.json()).code;
}

/** One text of a JSON answer. */
export async function textIn(answer: Response, key: string): Promise<string> {
  const found = z.record(z.string(), z.unknown()).parse(await answer.json())[key];
  if (typeof found !== 'string') throw new Error(`no ${key}`);
  return found;
}
