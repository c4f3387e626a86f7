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

/** One word of printable ASCII: it is sent in a header, and as a token, whatever the registry calls it. */
export const tokenSchema = z.object({
  token: z
    .string()
    .max(4096)
    .regex(/^(?!basic:)[\x21-\x7e]+$/i, 'is no token'),
});

/** Between two questions whether the user is done, where the registry does not say. */
const POLL_MS = 1000;
const MIN_POLL_MS = 100;
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
  refuseOtherHost(done, url);
  prompts.visit(loginUrl);
  for (const end = prompts.now() + PATIENCE_MS; prompts.now() < end; ) {
    const answer = await http.send({
      method: 'GET',
      url: done,
      headers: { accept: 'application/json' },
      ...jsonLimits(done),
    });
    refuseOtherHost(new URL(answer.url), url);
    if (answer.status === 200) return readAnswer(answer, tokenSchema).token;
    if (answer.status === 404 || answer.status === 410)
      throw over('The login ended before anybody signed in.', url);
    if (answer.status !== 202) throw npmError(answer, 'login', url);
    await prompts.pause(pauseOf(answer));
  }
  throw over('Nobody signed in within five minutes.', url);
}

/** The answer holds the token: it comes from the registry, over a connection as good as the registry's own. */
function refuseOtherHost({ origin }: URL, registryUrl: string): void {
  if (origin === new URL(registryUrl).origin) return;
  throw new PrompdError('EBADRESPONSE', 'The registry hands the login over to another host.', {
    facts: { registry: registryUrl, found: origin },
    hint: 'Make a token in the registry\'s web interface and give it with "prompd login --token -".',
  });
}

function over(message: string, url: string): PrompdError {
  return new PrompdError('EAUTH', message, { facts: { registry: url }, hint: 'Run the command again.' });
}

function pauseOf({ headers }: HttpAnswer): number {
  const seconds = Number(headers['retry-after']);
  return Number.isFinite(seconds) && seconds > 0
    ? Math.min(Math.max(seconds * 1000, MIN_POLL_MS), MAX_POLL_MS)
    : POLL_MS;
}
