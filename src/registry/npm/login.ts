import { z } from 'zod';
import { PrompdError } from '../../core/errors.js';
import type { HttpAnswer } from '../http.js';
import { jsonOf, readAnswer } from '../json-answer.js';
import { jsonLimits } from '../json-limits.js';
import type { LoginPrompts } from '../registry.js';
import { pageAddress, tokenSchema, waitInBrowser } from './browser.js';
import { unsupported } from './document.js';
import { asksForOneTimePassword, hasNoRoute, npmError } from './error.js';
import type { Place } from './place.js';

const offerSchema = z.object({ loginUrl: pageAddress, doneUrl: pageAddress });
const tokenlessSchema = z.object({ token: z.literal('').optional() });
const knownUserSchema = z.object({ _rev: z.string().min(1).max(256).optional() });

/**
 * Signs in and gives back a token: in the browser where the registry offers that, else with user name and password.
 * @throws PrompdError EAUTH when the registry refuses or nobody signed in within five minutes
 */
export async function login(place: Place, prompts: LoginPrompts): Promise<string> {
  const offer = await send(place, { method: 'POST', path: '-/v1/login', body: {} });
  if (offer.status === 200) return waitInBrowser(place, readAnswer(offer, offerSchema), prompts);
  if (offer.status >= 500 && offer.status !== 501) throw npmError(offer, 'login', place.url);
  return withPassword(place, prompts);
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
  if (answer.status === 200 || answer.status === 201) return tokenIn(answer, place.url);
  if (hasNoRoute(answer)) throw noLogin(place.url);
  if (answer.status === 409 || (answer.status === 401 && !asksForOneTimePassword(answer))) {
    throw new PrompdError('EAUTH', `The registry does not accept ${name} with this password.`, {
      facts: { registry: place.url, status: answer.status },
      hint: 'Check both. Where accounts need a second factor, give a token: "prompd login --token -".',
    });
  }
  throw npmError(answer, 'login', place.url);
}

/** There are registries that know the account and make no tokens. */
function tokenIn(answer: HttpAnswer, url: string): string {
  if (tokenlessSchema.safeParse(jsonOf(answer)).success) throw noLogin(url);
  return readAnswer(answer, tokenSchema).token;
}

function noLogin(url: string): PrompdError {
  return unsupported(
    'sign in for a token',
    url,
    'Make one in its web interface and give it with "prompd login --token -"; where there are none, give "basic:" with "name:password" in base64.',
  );
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
