import { z } from 'zod';
import type { PrompdError } from '../core/errors.js';
import type { RegistryKey } from '../core/registry-signature.js';
import type { HttpAnswer, HttpClient } from './http.js';
import { readAnswer } from './json-answer.js';
import { jsonLimits } from './json-limits.js';

/** Bounds what a hostile registry can make a client hold: a registry that rotates every week needs 20 years for so many. */
const MAX_KEYS = 1000;
/** What a registry answers that has no such address. */
const NOT_OFFERED = [400, 404, 405, 501];

const keySchema = z.object({
  expires: z
    .string()
    .max(64)
    .refine(raw => !Number.isNaN(Date.parse(raw)), 'not a time')
    .nullable(),
  keyid: z.string().min(1).max(200),
  keytype: z.string().max(100),
  scheme: z.string().max(100),
  key: z.base64().max(4096),
});

/** The keys of a registry, as npm's registries list them. Each has its own id: else one could stand in for another. */
export const keysSchema = z
  .array(keySchema)
  .max(MAX_KEYS)
  .refine(keys => new Set(keys.map(({ keyid }) => keyid)).size === keys.length, 'several keys have one id');

const documentSchema = z.object({ keys: keysSchema });

/**
 * Asks for the keys that a registry signs with, as "npm audit signatures" does.
 * @param refusal makes the error of an answer that is neither keys nor "no such address"
 * @returns undefined when the registry has no such address
 */
export async function askKeys(
  http: HttpClient,
  registryUrl: string,
  refusal: (answer: HttpAnswer, subject: string, registryUrl: string) => PrompdError,
): Promise<readonly RegistryKey[] | undefined> {
  const url = new URL('-/npm/v1/keys', registryUrl);
  const answer = await http.send({
    method: 'GET',
    url,
    headers: { accept: 'application/json, application/problem+json' },
    ...jsonLimits(url),
  });
  if (NOT_OFFERED.includes(answer.status)) return undefined;
  if (answer.status !== 200) throw refusal(answer, 'keys', registryUrl);
  return readAnswer(answer, documentSchema).keys;
}
