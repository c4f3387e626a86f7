import { keptHeaders, readyKey } from '../middleware/ready-answers.js';
import type { Call } from './route.js';

export interface AnswerToKeep {
  /** The package that it is about. */
  readonly name: string;
  /** All that was sent after the headers. */
  readonly body: Buffer;
  /** Called each time the answer is sent again. */
  readonly served?: (userAgent: string | undefined) => void;
}

/** Keeps the answer that was just given, if it is one that anybody may have. */
export function keepAnswer(
  { actor, services, request, response, began }: Call,
  { name, body, served = () => undefined }: AnswerToKeep,
): void {
  if (actor.kind !== 'anonymous' || response.statusCode !== 200) return;
  const { method, originalUrl, headers } = request;
  const key = readyKey({ method, url: originalUrl, headers });
  if (key === undefined) return;
  const etag = response.get('etag');
  services.ready.keep(key, { package: name, headers: keptHeaders(response), etag, body, served }, began);
}
