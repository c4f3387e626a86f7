import { z } from 'zod';
import { type LogAnswer, type LogQuestion, MAX_LOG_PACKAGES } from '../core/transparency-log.js';
import type { HttpClient } from './http.js';
import { readAnswer } from './json-answer.js';
import { jsonLimits } from './json-limits.js';
import { answerError } from './problem-document.js';
import { JSON_TYPES } from './prompd-changes.js';

/** What a registry answers that has no such address. */
const NOT_OFFERED = [404, 405, 501];
/** A tree of more levels has more leaves than anybody can count. */
const MAX_PATH = 64;

const hash = z.base64().length(44);
const path = z.array(hash).max(MAX_PATH);
const count = z.int().nonnegative();

const answerSchema = z.object({
  head: z.object({
    size: count,
    root: hash,
    timestamp: count,
    publicKey: z.base64().max(1024),
    signature: z.base64().max(1024),
  }),
  consistency: path.nullable().transform(found => found ?? undefined),
  inclusions: z
    .array(
      z.object({
        name: z.string().max(214),
        version: z.string().max(256),
        index: count,
        publishedAt: z.string().max(40),
        nonce: z.string().max(100),
        path,
      }),
    )
    .max(MAX_LOG_PACKAGES),
});

/**
 * Asks the transparency log of a registry that speaks prompd's own protocol, in one request.
 * @returns undefined when the registry has no log
 */
export async function askLog(
  http: HttpClient,
  registryUrl: string,
  question: LogQuestion,
): Promise<LogAnswer | undefined> {
  const url = new URL('log/proofs', registryUrl);
  const answer = await http.send({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json', accept: JSON_TYPES },
    body: Buffer.from(JSON.stringify(question)),
    ...jsonLimits(url),
  });
  if (NOT_OFFERED.includes(answer.status)) return undefined;
  if (answer.status !== 200) throw answerError(answer, 'the transparency log', registryUrl);
  return readAnswer(answer, answerSchema);
}
