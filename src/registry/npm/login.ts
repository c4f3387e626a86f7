import { z } from 'zod';
import { PrompdError } from '../../core/errors.js';
import type { HttpAnswer } from '../http.js';
import { readAnswer } from '../json-answer.js';
import { jsonLimits } from '../json-limits.js';
import type { LoginPrompts } from '../registry.js';
import { npmError } from './error.js';
import type { Place } from './place.js';

const address = z.url({ protocol: /^https?$/ }).max(4096);
const offerSchema = z.object({ loginUrl: address, doneUrl: address });
/** One word of printable ASCII: it is sent in a header. */
const tokenSchema = z.object({
  token: z
    .string()
    .max(4096)
    .regex(/^[\x21-\x7e]+$/, 'is no token'),
});
const knownUserSchema = z.object({ _rev: z.string().min(1).max(256).optional() });

/** Between two questions whether the user is done, where the registry does not say. */
const POLL_MS = 1000;
const MAX_POLL_MS = 30_000;
/** After which nobody is taken to come back to the browser. */
const PATIENCE_MS = 5 * 60_000;

/**
 * Signs in and gives back a token: in the browser where the registry offers that, else with user name and password.
 * @throws PrompdError EAUTH when the registry refuses or nobody signed in within five minutes
 */
export async function login(place: Place, prompts: LoginPrompts): Promise<string> {
  const offer = await send(place, { method: 'POST', path: '-/v1/login', body: {} });
  if (offer.status === 200) return inBrowser(place, readAnswer(offer, offerSchema), prompts);
  if (offer.status >= 500 && offer.status !== 501) throw npmError(offer, 'login', place.url);
  return withPassword(place, prompts);
}

async function inBrowser(
  { http, url }: Place,
  { loginUrl, doneUrl }: z.infer<typeof offerSchema>,
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

/** The older way, which every npm registry that keeps users itself has, Verdaccio among them. */
async function withPassword(place: Place, prompts: LoginPrompts): Promise<string> {
  const name = (await prompts.ask('User name: ')).trim();
  const password = await prompts.askSecret('Password: ');
  if (name === '' || password === '') {
    throw new PrompdError('EUSAGE', 'Logging in takes a user name and a password.', {
      hint: 'Or give a token: "prompd login --token -".',
    });
  }
  const user = { _id: `org.couchdb.user:${name}`, name, password, type: 'user', roles: [] };
  const path = `-/user/org.couchdb.user:${encodeURIComponent(name)}`;
  const made = await send(place, { method: 'PUT', path, body: user });
  // Who is there already is not made once more, but shown a token: to whoever proves to be them.
  const answer = made.status === 409 ? await asKnownUser(place, { path, user }) : made;
  if (answer.status === 200 || answer.status === 201) return readAnswer(answer, tokenSchema).token;
  if (answer.status === 401 || answer.status === 409) {
    throw new PrompdError('EAUTH', `The registry does not accept ${name} with this password.`, {
      facts: { registry: place.url, status: answer.status },
      hint: 'Check both. Where accounts need a second factor, give a token: "prompd login --token -".',
    });
  }
  throw npmError(answer, 'login', place.url);
}

/** As npm does it: what is known of the user is read with their password, and written again. */
async function asKnownUser(
  place: Place,
  { path, user }: { path: string; user: { readonly name: string; readonly password: string } },
): Promise<HttpAnswer> {
  const basic = Buffer.from(`${user.name}:${user.password}`).toString('base64');
  const authorization = `Basic ${basic}`;
  const found = await send(place, { method: 'GET', path: `${path}?write=true`, authorization });
  if (found.status !== 200) return found;
  const { _rev: revision } = readAnswer(found, knownUserSchema);
  const written = revision === undefined ? path : `${path}/-rev/${encodeURIComponent(revision)}`;
  const body = revision === undefined ? user : { ...user, _rev: revision };
  return send(place, { method: 'PUT', path: written, body, authorization });
}

interface JsonRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly body?: object;
  readonly authorization?: string;
}

function send({ http, url }: Place, { method, path, body, authorization }: JsonRequest): Promise<HttpAnswer> {
  const target = new URL(path, url);
  return http.send({
    method,
    url: target,
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      ...(authorization === undefined ? {} : { authorization }),
    },
    ...(body === undefined ? {} : { body: Buffer.from(JSON.stringify(body)) }),
    ...jsonLimits(target),
  });
}
