import { z } from 'zod';
import type { Config } from '../config/config.js';
import { PrompdError } from '../core/errors.js';
import { connectionsOf } from './connections.js';
import { httpClient } from './http.js';
import { readAnswer } from './json-answer.js';
import { jsonLimits } from './json-limits.js';

const answerSchema = z.object({ value: z.string().min(1).max(16_384) });

/** What asking needs to know of the world; an operation's context has it all. */
export interface CiContext {
  readonly config: Pick<Config, 'network'>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
}

/**
 * Asks GitHub Actions for the token that says what this work is.
 * @param url with the audience; @param secret of this work, by which it may ask
 * @throws PrompdError EAUTH when the platform refuses; ENETWORK, ETIMEOUT
 * @see https://docs.github.com/actions/reference/security/oidc#methods-for-requesting-the-oidc-token
 */
export async function askCiToken(
  { config, env, version }: CiContext,
  url: URL,
  secret: string,
): Promise<string> {
  const http = httpClient({
    registryUrl: new URL('.', url).href,
    network: config.network,
    connections: connectionsOf({ network: config.network, env, identity: undefined }),
    userAgent: `prompd/${version}`,
    token: async () => secret,
  });
  const answer = await http.send({
    method: 'GET',
    url,
    headers: { accept: 'application/json' },
    ...jsonLimits(url),
  });
  if (answer.status === 200) return readAnswer(answer, answerSchema).value;
  throw new PrompdError('EAUTH', 'GitHub Actions refuses to say what this work is.', {
    facts: { status: answer.status },
    hint: 'Give the job "permissions: id-token: write", or set PROMPD_TOKEN.',
  });
}
