import { z } from 'zod';
import { PrompdError } from '../../core/errors.js';
import type { HttpAnswer, HttpClient, HttpRequest } from '../http.js';
import { jsonOf } from '../json-answer.js';
import type { LoginPrompts } from '../registry.js';
import { pageAddress, waitInBrowser } from './browser.js';
import { asksForOneTimePassword } from './error.js';

/** What a user has beside the token, for registries that ask for it before anything is changed. */
export interface SecondFactor {
  /** A password that came with the command. */
  readonly given: GivenPassword | undefined;
  /** How the user is met; undefined where nobody is there. */
  readonly prompts: LoginPrompts | undefined;
}

/** @see SecondFactor */
interface GivenPassword {
  readonly password: string;
  /** By which way it came, for errors. */
  readonly source: string;
}

/** How often a user may mistype. */
const ATTEMPTS = 3;
const PASSWORD = /^[\x21-\x7e]{1,4096}$/;

const offerSchema = z.object({ authUrl: pageAddress, doneUrl: pageAddress });

/**
 * Sends what changes something with the one-time password that the registry asks for: the one that came with the command,
 * one that its page in the browser gives, or one that the user types. What it takes once serves the whole command.
 * Without a user, or after three mistakes, the registry's refusal stands.
 * @see https://docs.npmjs.com/cli/v11/using-npm/config#otp, https://docs.npmjs.com/cli/v11/using-npm/config#auth-type
 */
export function withSecondFactor(
  http: HttpClient,
  url: string,
  { given, prompts }: SecondFactor,
): HttpClient {
  let typed: string | undefined;
  const send = async (request: HttpRequest) => {
    const password = typed ?? (given && checked(given));
    return http.send({
      ...request,
      headers: {
        // Only to who can open a page does a registry offer one.
        ...(prompts ? { 'npm-auth-type': 'web' } : {}),
        ...(password === undefined ? {} : { 'npm-otp': password }),
        ...request.headers,
      },
    });
  };
  return {
    stream: request => http.stream(request),
    async send(request) {
      // What is read with a name and password of its own belongs to a login.
      if (request.method === 'GET' && request.headers?.['authorization'] === undefined)
        return http.send(request);
      let answer = await send(request);
      for (let attempt = 0; prompts && attempt < ATTEMPTS && asksForOneTimePassword(answer); attempt++) {
        const offer = offerIn(answer);
        const got = offer
          ? await waitInBrowser({ http, url }, { loginUrl: offer.authUrl, doneUrl: offer.doneUrl }, prompts)
          : (await prompts.ask(`One-time password for ${url}: `)).replace(/\s/g, '');
        if (got === '') break;
        if (!PASSWORD.test(got)) continue;
        typed = got;
        const next = await send(request);
        answer = { ...next, repeated: answer.repeated || next.repeated };
      }
      return answer;
    },
  };
}

function offerIn(answer: HttpAnswer): z.infer<typeof offerSchema> | undefined {
  try {
    return offerSchema.safeParse(jsonOf(answer)).data;
  } catch {
    return undefined;
  }
}

/** It is sent in a header. */
function checked({ password: raw, source }: GivenPassword): string {
  const password = raw.trim();
  if (PASSWORD.test(password)) return password;
  throw new PrompdError('EUSAGE', `${source} holds no one-time password.`, {
    facts: { source, length: raw.length },
    hint: 'It is one word of printable ASCII characters, as in "123456".',
  });
}
