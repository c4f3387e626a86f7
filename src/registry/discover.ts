import { z } from 'zod';
import { PROTOCOLS, type Protocol } from '../config/config.js';
import { PrompdError } from '../core/errors.js';
import type { HttpAnswer, HttpClient } from './http.js';
import { isObject, jsonOf } from './json-answer.js';
import { jsonLimits } from './json-limits.js';
import { answerError } from './problem-document.js';

/** What a registry says of itself. */
export interface Discovery {
  readonly protocol: Protocol;
  /** What it announces that it can do; undefined where it does not say. */
  readonly capabilities: readonly string[] | undefined;
}

const wellKnownSchema = z.object({
  kind: z.string().max(64),
  capabilities: z.array(z.string().max(64)).max(1000).optional().catch(undefined),
});

/**
 * What a registry announces that it can do, where it is known what it speaks.
 * @returns nothing when it does not say
 * @throws PrompdError as the connection does
 */
export async function announcedCapabilities(
  http: HttpClient,
  registryUrl: string,
): Promise<readonly string[]> {
  const described = await getJson(http, new URL('.well-known/registry.json', registryUrl));
  return wellKnownSchema.safeParse(described.json).data?.capabilities ?? [];
}

/**
 * Finds out which protocol a registry speaks: what its `/.well-known/registry.json` says, else npm's where `/-/ping`
 * answers as npm registries do.
 * @throws PrompdError EBADRESPONSE when neither does; EREGISTRY when it only says that it cannot answer now; whatever
 *   the connection throws
 */
export async function discoverProtocol(http: HttpClient, registryUrl: string): Promise<Discovery> {
  const described = await getJson(http, new URL('.well-known/registry.json', registryUrl));
  const wellKnown = wellKnownSchema.safeParse(described.json);
  if (wellKnown.success) {
    const kind = PROTOCOLS.find(known => known === wellKnown.data.kind);
    if (kind !== undefined) return { protocol: kind, capabilities: wellKnown.data.capabilities ?? [] };
    throw new PrompdError(
      'EBADRESPONSE',
      `${registryUrl} is a registry of a kind that prompd does not know.`,
      {
        facts: { registry: registryUrl, found: wellKnown.data.kind, known: [...PROTOCOLS] },
        hint: 'Update prompd.',
      },
    );
  }
  refuseFailure(described, registryUrl);
  const ping = await getJson(http, new URL('-/ping', registryUrl));
  if (ping.answer.status < 300 && isObject(ping.json)) return { protocol: 'npm', capabilities: undefined };
  refuseFailure(ping, registryUrl);
  // Of a path that begins with a dot many web servers say so; of a ping only who lets nobody in.
  if (ping.answer.status === 403) throw answerError(ping.answer, registryUrl, registryUrl);
  throw new PrompdError('EBADRESPONSE', `${registryUrl} did not answer as a registry.`, {
    facts: { registry: registryUrl, status: described.answer.status },
    hint: 'Check the address. If it is an npm registry that does not say so, add "protocol": "npm" beside its "url" in "registries" of config.json.',
  });
}

interface JsonAnswer {
  readonly answer: HttpAnswer;
  readonly json: unknown;
}

async function getJson(http: HttpClient, url: URL): Promise<JsonAnswer> {
  const answer = await http.send({
    method: 'GET',
    url,
    headers: { accept: 'application/json' },
    ...jsonLimits(url),
  });
  try {
    return { answer, json: answer.status === 200 ? jsonOf(answer) : undefined };
  } catch {
    return { answer, json: undefined };
  }
}

/** A registry that is overloaded or asks who is there has not said that it is of another kind. */
function refuseFailure({ answer }: JsonAnswer, registryUrl: string): void {
  const { status } = answer;
  if (status >= 500 || status === 429 || status === 401) throw answerError(answer, registryUrl, registryUrl);
}
