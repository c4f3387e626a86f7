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
  readonly given: string | undefined;
  /** How the user is met; undefined where nobody is there. */
  readonly prompts: LoginPrompts | undefined;
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
  let password = given;
  const send = (request: HttpRequest) =>
    http.send({
      ...request,
      headers: {
        // Only to who can open a page does a registry offer one.
        ...(prompts ? { 'npm-auth-type': 'web' } : {}),
        ...(password === undefined ? {} : { 'npm-otp': checked(password) }),
        ...request.headers,
      },
    });
  return {
    stream: request => http.stream(request),
    async send(request) {
      if (request.method === 'GET') return http.send(request);
      let answer = await send(request);
      for (let attempt = 0; prompts && attempt < ATTEMPTS && asksForOneTimePassword(answer); attempt++) {
        const offer = offerIn(answer);
        const got = offer
          ? await waitInBrowser({ http, url }, { loginUrl: offer.authUrl, doneUrl: offer.doneUrl }, prompts)
          : (await prompts.ask(`One-time password for ${url}: `)).replace(/\s/g, '');
        if (got === '') break;
        password = got;
        answer = await send(request);
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
function checked(raw: string): string {
  if (PASSWORD.test(raw)) return raw;
  throw new PrompdError('EUSAGE', 'A one-time password is one word of printable ASCII characters.', {
    facts: { length: raw.length },
    hint: 'Give it with "--otp", as in "--otp 123456".',
  });
}
