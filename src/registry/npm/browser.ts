import { z } from 'zod';
import { PrompdError } from '../../core/errors.js';
import type { HttpAnswer } from '../http.js';
import { readAnswer } from '../json-answer.js';
import { jsonLimits } from '../json-limits.js';
import type { LoginPrompts } from '../registry.js';
import { npmError } from './error.js';
import type { Place } from './place.js';

/** Of a page, or of what is asked for its answer. */
export const pageAddress = z.url({ protocol: /^https?$/ }).max(4096);

/** One word of printable ASCII: it is sent in a header. */
export const tokenSchema = z.object({
  token: z
    .string()
    .max(4096)
    .regex(/^[\x21-\x7e]+$/, 'is no token'),
});

/** Between two questions whether the user is done, where the registry does not say. */
const POLL_MS = 1000;
const MAX_POLL_MS = 30_000;
/** After which nobody is taken to come back to the browser. */
const PATIENCE_MS = 5 * 60_000;

/**
 * Sends the user to a page of the registry, and waits until they were there.
 * @returns what the registry gives for it
 * @throws PrompdError EAUTH when nobody was there within five minutes, EBADRESPONSE
 */
export async function waitInBrowser(
  { http, url }: Place,
  { loginUrl, doneUrl }: { readonly loginUrl: string; readonly doneUrl: string },
  prompts: LoginPrompts,
): Promise<string> {
  const done = new URL(doneUrl);
  // The answer holds the token: it comes from the registry, over a connection as good as the registry's own.
  if (done.origin !== new URL(url).origin) {
    throw new PrompdError('EBADRESPONSE', 'The registry hands the login over to another host.', {
      facts: { registry: url, found: done.origin },
      hint: 'Make a token in the registry\'s web interface and give it with "prompd login --token -".',
    });
  }
  prompts.visit(loginUrl);
  for (let waited = 0; waited < PATIENCE_MS; ) {
    const answer = await http.send({
      method: 'GET',
      url: done,
      headers: { accept: 'application/json' },
      ...jsonLimits(done),
    });
    if (answer.status === 200) return readAnswer(answer, tokenSchema).token;
    if (answer.status === 404 || answer.status === 410)
      throw over('The login ended before anybody signed in.', url);
    if (answer.status !== 202) throw npmError(answer, 'login', url);
    const pause = pauseOf(answer);
    await prompts.pause(pause);
    waited += pause;
  }
  throw over('Nobody signed in within five minutes.', url);
}

function over(message: string, url: string): PrompdError {
  return new PrompdError('EAUTH', message, { facts: { registry: url }, hint: 'Run the command again.' });
}

function pauseOf({ headers }: HttpAnswer): number {
  const seconds = Number(headers['retry-after']);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds * 1000, MAX_POLL_MS) : POLL_MS;
}
