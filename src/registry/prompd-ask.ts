import type { HttpAnswer, HttpClient, HttpRequest } from './http.js';
import { jsonLimits } from './json-limits.js';
import { answerError } from './problem-document.js';
import { JSON_TYPES } from './prompd-changes.js';

/** Asks for JSON. @throws PrompdError for every answer but a success */
export type Ask = (
  method: HttpRequest['method'],
  path: string,
  options?: { readonly body?: object; readonly subject?: string },
) => Promise<HttpAnswer>;

/** @param about what a request is about that names nothing better, for errors */
export function asker(http: HttpClient, registryUrl: string, about: string): Ask {
  return async (method, path, { body, subject = about } = {}) => {
    const url = new URL(path, registryUrl);
    const answer = await http.send({
      method,
      url,
      headers: { accept: JSON_TYPES, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: Buffer.from(JSON.stringify(body)) } : {}),
      isRepeatable: method !== 'POST',
      ...jsonLimits(url),
    });
    if (answer.status >= 200 && answer.status <= 204) return answer;
    throw answerError(answer, subject, registryUrl);
  };
}

/** The query of an address, of what is defined. */
export function queryOf(values: Readonly<Record<string, string | number | undefined>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined) query.set(name, String(value));
  }
  return query.size === 0 ? '' : `?${query}`;
}
