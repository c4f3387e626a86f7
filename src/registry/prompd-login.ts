import { z } from 'zod';
import { PrompdError } from '../core/errors.js';
import type { HttpAnswer, HttpClient } from './http.js';
import { readAnswer } from './json-answer.js';
import { jsonLimits } from './json-limits.js';
import { answerError } from './problem-document.js';
import type { LoginPrompts } from './registry.js';

/** What a registry announces that has it. */
const CAPABILITY = 'device-login';
const CLIENT = 'prompd-cli';
const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
/** What a slower poll adds, in milliseconds. @see RFC 8628, section 3.5 */
const SLOWER = 5_000;

const offerSchema = z.object({
  device_code: z.string().min(1).max(500),
  user_code: z.string().min(1).max(50),
  verification_uri: z.url({ protocol: /^https?$/ }).max(2048),
  expires_in: z.int().min(1).max(3600),
  interval: z.number().min(0.1).max(60).default(5),
});
const grantSchema = z.object({ access_token: z.string().min(1).max(4096) });
const errorSchema = z.object({ error: z.string().max(100) });

/**
 * Signs in by a browser, on this machine or another: the device authorization grant.
 * @param capabilities what the registry announces
 * @returns undefined where the registry has no such login
 * @throws PrompdError EAUTH when the user refuses, or nobody answers in time
 * @see RFC 8628
 */
export async function deviceLogin(
  http: HttpClient,
  registryUrl: string,
  { capabilities, prompts }: { capabilities: () => Promise<readonly string[]>; prompts: LoginPrompts },
): Promise<string | undefined> {
  if (!(await capabilities()).includes(CAPABILITY)) return undefined;
  const begun = await post(http, new URL('device/authorize', registryUrl), {
    client_id: CLIENT,
    scope: 'read publish admin',
    device: prompts.device ?? '',
  });
  if (begun.status !== 200) throw answerError(begun, 'login', registryUrl);
  const offer = readAnswer(begun, offerSchema);
  prompts.visit(offer.verification_uri, offer.user_code);
  let pause = offer.interval * 1000;
  for (const end = prompts.now() + offer.expires_in * 1000; prompts.now() < end; ) {
    await prompts.pause(pause);
    const answer = await post(http, new URL('auth/token', registryUrl), {
      grant_type: DEVICE_GRANT,
      client_id: CLIENT,
      device_code: offer.device_code,
    });
    if (answer.status === 200) return readAnswer(answer, grantSchema).access_token;
    if (answer.status !== 400) throw answerError(answer, 'login', registryUrl);
    const { error } = readAnswer(answer, errorSchema);
    if (error === 'access_denied') throw over('The login was refused in the browser.', registryUrl);
    if (error === 'expired_token') break;
    if (error === 'slow_down') pause += SLOWER;
    else if (error !== 'authorization_pending') throw over('The registry ended the login.', registryUrl);
  }
  throw over('Nobody entered the code in time.', registryUrl);
}

function post(http: HttpClient, url: URL, form: Record<string, string>): Promise<HttpAnswer> {
  return http.send({
    method: 'POST',
    url,
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    body: Buffer.from(new URLSearchParams(form).toString()),
    // A token that was given away is not given a second time.
    isRepeatable: false,
    ...jsonLimits(url),
  });
}

function over(message: string, url: string): PrompdError {
  return new PrompdError('EAUTH', message, {
    facts: { registry: url },
    hint: 'Run the command again, or give a token: "prompd login --token -".',
  });
}
