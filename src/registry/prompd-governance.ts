import { z } from 'zod';
import { PrompdError } from '../core/errors.js';
import type { RegistryGovernance } from './governance.js';
import type { HttpClient } from './http.js';
import { readAnswer } from './json-answer.js';
import { answerError } from './problem-document.js';
import { asker } from './prompd-ask.js';

const word = z.string().max(300);
const time = z.string().max(40);
const missing = <T>(found: T | null | undefined): T | undefined => found ?? undefined;
const maybe = (max: number) => z.string().max(max).nullish().transform(missing);
const needs = z.object({ approvals: z.int().min(0), functions: z.array(word).max(20) });

const decisionSchema = z.object({
  decision: z.enum(['approve', 'decline']),
  by: word,
  onBehalfOf: maybe(300),
  function: maybe(100),
  digest: word,
  counts: z.boolean(),
  reason: maybe(5000),
  at: time,
});

const approvalSchema = z.object({
  id: z.string().min(1).max(100),
  kind: word,
  project: word,
  package: word,
  version: word,
  tag: word,
  state: word,
  tier: z.int(),
  computedTier: z.int(),
  tierReason: maybe(5000),
  policyVersion: z.int(),
  needs,
  missing: needs,
  digest: word,
  integrity: z.string().max(1000),
  authors: z.array(word).max(1000),
  requestedBy: word,
  requestedAt: time,
  expiresAt: time,
  decisions: z.array(decisionSchema).max(1000),
});
const detailsSchema = approvalSchema.extend({
  base: maybe(300),
  open: z
    .array(z.object({ path: word, principles: z.array(z.int()).max(20), message: z.string().max(1000) }))
    .max(1000),
});
const listSchema = z.object({ approvals: z.array(approvalSchema).max(250) });
const moveSchema = z.object({ from: maybe(300), to: maybe(300) });
const scheduledSchema = z.object({ id: word, at: time });
const policySchema = z.object({
  project: word,
  version: z.int(),
  policy: z.record(z.string(), z.unknown()),
  setBy: maybe(300),
  setAt: maybe(40),
  proposed: z
    .object({ policy: z.record(z.string(), z.unknown()), by: word, at: time, reason: maybe(5000) })
    .nullish()
    .transform(missing),
});
const delegationSchema = z.object({
  id: word,
  from: word,
  to: word,
  reason: z.string().max(5000),
  endsAt: time,
  revokedAt: maybe(40),
});
const delegationsSchema = z.object({ delegations: z.array(delegationSchema).max(100_000) });
const promotionsSchema = z.object({
  promotions: z
    .array(
      z.object({
        id: word,
        version: word,
        tag: word,
        at: time,
        reason: maybe(5000),
        requestedBy: word,
        state: word,
        outcome: maybe(5000),
      }),
    )
    .max(100_000),
});

/** Approvals, channels and policies of a registry that speaks prompd's own protocol. */
export function prompdGovernance(http: HttpClient, registryUrl: string): RegistryGovernance {
  const ask = asker(http, registryUrl, 'the requests');
  const one = (id: string, rest = '') => `approvals/${encodeURIComponent(id)}${rest}`;
  const named = (id: string) => `request "${id.slice(0, 100)}"`;
  const of = (name: string, rest: string) => `packages/${encodeURIComponent(name)}/${rest}`;
  const project = (scope: string, rest: string) => `projects/${encodeURIComponent(scope)}/${rest}`;
  return {
    async approvals(query) {
      const words = new URLSearchParams({ limit: '250' });
      for (const [key, value] of Object.entries(query)) if (typeof value === 'string') words.set(key, value);
      return readAnswer(await ask('GET', `approvals?${words}`, { subject: 'the requests' }), listSchema)
        .approvals;
    },
    approval: async id => readAnswer(await ask('GET', one(id), { subject: named(id) }), detailsSchema),
    async archive(id, maxBytes) {
      const answer = await http.send({
        method: 'GET',
        url: new URL(one(id, '/archive'), registryUrl),
        headers: { accept: 'application/gzip' },
        isRepeatable: true,
        maxBytes,
        tooLarge: () =>
          new PrompdError('EARCHIVELIMIT', `The archive of ${named(id)} is larger than the limit.`, {
            facts: { id, limit: maxBytes },
          }),
        decompress: false,
      });
      if (answer.status === 200) return answer.body;
      throw answerError(answer, named(id), registryUrl);
    },
    decide: async (id, draft) =>
      readAnswer(
        await ask('POST', one(id, '/decisions'), { body: draft, subject: named(id) }),
        approvalSchema,
      ),
    withdraw: async (id, reason) =>
      readAnswer(
        await ask('POST', one(id, '/withdrawal'), { body: { reason }, subject: named(id) }),
        approvalSchema,
      ),
    changeTier: async (id, draft) =>
      readAnswer(await ask('PUT', one(id, '/tier'), { body: draft, subject: named(id) }), approvalSchema),
    delegations: async scope =>
      readAnswer(await ask('GET', project(scope, 'delegations'), { subject: scope }), delegationsSchema)
        .delegations,
    async endDelegation(scope, id) {
      const path = project(scope, `delegations/${encodeURIComponent(id)}`);
      await ask('DELETE', path, { subject: `delegation "${id.slice(0, 100)}"` });
    },
    delegate: async (scope, draft) =>
      readAnswer(
        await ask('POST', project(scope, 'delegations'), { body: draft, subject: scope }),
        delegationSchema,
      ),
    async promote(name, change) {
      const answer = await ask('POST', of(name, 'promotions'), { body: change, subject: name });
      if (answer.status === 202) return { kind: 'pending', approval: readAnswer(answer, approvalSchema) };
      if (answer.status === 201) return { kind: 'scheduled', ...readAnswer(answer, scheduledSchema) };
      return { kind: 'moved', ...readAnswer(answer, moveSchema) };
    },
    scheduled: async name =>
      readAnswer(await ask('GET', of(name, 'promotions'), { subject: name }), promotionsSchema).promotions,
    async unschedule(name, id) {
      const path = of(name, `promotions/${encodeURIComponent(id)}`);
      await ask('DELETE', path, { subject: `promotion "${id.slice(0, 100)}"` });
    },
    async rollBack(name, change) {
      const answer = await ask('POST', of(name, 'rollbacks'), { body: change, subject: name });
      return { kind: 'moved', ...readAnswer(answer, moveSchema) };
    },
    breakGlass: async (name, change) =>
      readAnswer(await ask('POST', of(name, 'break-glass'), { body: change, subject: name }), approvalSchema),
    async revoke(name, version, reason) {
      const subject = `${name}@${version}`;
      await ask('POST', of(name, 'revocations'), { body: { version, reason }, subject });
    },
    policy: async scope =>
      readAnswer(await ask('GET', project(scope, 'policy'), { subject: scope }), policySchema),
    setPolicy: async (scope, policy, reason) =>
      readAnswer(
        await ask('PUT', project(scope, 'policy'), { body: { policy, reason }, subject: scope }),
        policySchema,
      ),
  };
}
