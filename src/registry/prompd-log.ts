import { z } from 'zod';
import { PrompdError } from '../core/errors.js';
import type { LogAnswer, LogInclusion, LogQuestion } from '../core/transparency-log.js';
import type { HttpClient } from './http.js';
import { readAnswer } from './json-answer.js';
import { jsonLimits } from './json-limits.js';
import { answerError } from './problem-document.js';
import { JSON_TYPES } from './prompd-changes.js';

/** Packages in one request: more registries do not take. */
const PACKAGES_PER_REQUEST = 1000;
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
  consistency: path.nullable(),
  size: count,
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
    .max(PACKAGES_PER_REQUEST),
});
type Answer = z.infer<typeof answerSchema>;

/**
 * Asks the transparency log of a registry that speaks prompd's own protocol: one request, or one for each thousand
 * packages, all of them about the same tree.
 * @returns undefined when the registry has no log
 */
export async function askLog(
  http: HttpClient,
  registryUrl: string,
  { from, packages }: LogQuestion,
): Promise<LogAnswer | undefined> {
  const parts = [packages.slice(0, PACKAGES_PER_REQUEST)];
  for (let at = PACKAGES_PER_REQUEST; at < packages.length; at += PACKAGES_PER_REQUEST)
    parts.push(packages.slice(at, at + PACKAGES_PER_REQUEST));
  const [some, ...others] = parts;
  const first = await askSome(http, registryUrl, { from, packages: some });
  if (first === undefined) return undefined;
  const { head, consistency, size } = first;
  assertTree(size, head.size, registryUrl);
  const more = await Promise.all(
    others.map(part => askMore(http, registryUrl, { size: head.size, packages: part })),
  );
  return {
    head,
    consistency: consistency ?? undefined,
    inclusions: [...first.inclusions, ...more.flat()],
  };
}

async function askMore(
  http: HttpClient,
  registryUrl: string,
  { size, packages }: { size: number; packages: LogQuestion['packages'] },
): Promise<readonly LogInclusion[]> {
  const answer = await askSome(http, registryUrl, { size, packages });
  assertTree(answer?.size ?? 0, size, registryUrl);
  return answer?.inclusions ?? [];
}

async function askSome(http: HttpClient, registryUrl: string, question: object): Promise<Answer | undefined> {
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

function assertTree(found: number, expected: number, registryUrl: string): void {
  if (found === expected) return;
  throw new PrompdError('EBADRESPONSE', 'The transparency log answered about another tree than was asked.', {
    facts: { registry: registryUrl, expected, found },
    hint: 'Try again; if it stays, tell the people who run the registry.',
  });
}
