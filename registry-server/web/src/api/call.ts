import { ADDRESSES } from './addresses.js';
import type { Operations } from './operations.js';
import { problemOf } from './problem.js';

export type OperationId = keyof Operations;
export type AnswerOf<Id extends OperationId> = Operations[Id]['answer'];
export type InputOf<Id extends OperationId> = Omit<Operations[Id], 'answer'>;

export interface Called<T> {
  readonly data: T;
  /** Undefined where the answer has none. */
  readonly etag: string | undefined;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Such as `if-match`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Asks the registry that served this page. Addresses and types are made from its OpenAPI document, see
 * `scripts/web-api.mjs`; the server makes that from the schemas of its routes, so that the answer is taken by its word.
 * @throws ApiProblem
 */
export async function call<Id extends OperationId>(
  id: Id,
  input: InputOf<Id>,
  options: CallOptions = {},
): Promise<AnswerOf<Id>> {
  return (await callFully(id, input, options)).data;
}

/** As {@link call}, with the ETag of the answer. */
export async function callFully<Id extends OperationId>(
  id: Id,
  input: InputOf<Id>,
  { signal, headers = {} }: CallOptions = {},
): Promise<Called<AnswerOf<Id>>> {
  const { path = {}, query = {}, body } = input as AnyInput;
  const [method, template] = ADDRESSES[id];
  const answer = await fetch(addressOf(template, path, query), {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
    credentials: 'same-origin',
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new Error('The registry cannot be reached. Look whether there is a network, and try again.');
  });
  if (!answer.ok) throw await problemOf(answer);
  const text = answer.status === 204 ? '' : await answer.text();
  return {
    data: (text === '' ? undefined : JSON.parse(text)) as AnswerOf<Id>,
    etag: answer.headers.get('etag') ?? undefined,
  };
}

interface AnyInput {
  readonly path?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

function addressOf(
  template: string,
  path: Readonly<Record<string, unknown>>,
  query: Readonly<Record<string, unknown>>,
): string {
  const filled = template.replace(/\{(\w+)\}/g, (_, key: string) => encodeURIComponent(String(path[key])));
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') search.set(key, String(value));
  }
  const text = search.toString();
  return text === '' ? filled : `${filled}?${text}`;
}
