import { createHash } from 'node:crypto';
import pLimit from 'p-limit';
import { type Actor, credentialOf } from '../domain/actor.js';
import { type DeliveryRequest, selectorOf } from '../domain/delivery.js';
import { problemDocument } from '../domain/problem-document.js';
import { sendDelivery, wireRequest } from '../middleware/ready-deliveries.js';
import { requestId } from '../middleware/request-id.js';
import type { Found } from '../services/delivery/deliveries.js';
import {
  identityOf,
  type Pick,
  pickVersion,
  provenanceOf,
  wireAnswer,
} from '../services/delivery/delivery-answer.js';
import { DeliveryUsage } from '../services/delivery/delivery-usage.js';
import type { ModelNote } from '../services/delivery/model-gate.js';
import * as schemas from './delivery-schemas.js';
import { type Call, defineDeliveryRoute, defineRoute } from './route.js';
import { packageParams } from './schemas.js';

/** Prompts of a batch that are looked up at once. */
const AT_ONCE = 16;
const DAY = 24 * 60 * 60 * 1000;

interface Wanted {
  readonly tag?: string | undefined;
  readonly version?: string | undefined;
  readonly model?: string | undefined;
  readonly key?: string | undefined;
}

export const deliveryRoutes = [
  defineDeliveryRoute({
    method: 'get',
    path: '/delivery/:name/-/usage',
    id: 'getDeliveryUsage',
    summary: 'How often each version was delivered, by day and credential',
    action: 'usage.read',
    params: packageParams,
    query: schemas.sinceQuery,
    answers: { 200: { description: 'The counts, newest first', schema: schemas.usageAnswer } },
    async handle({ subject, query: { days } }, { services, response }) {
      const { usageCounts, usage, wallTime } = services.delivery;
      await usage.flush();
      const since = new Date(wallTime() - days * DAY).toISOString().slice(0, 10);
      response.json({ usage: await usageCounts.read(subject.name, since) });
    },
  }),
  defineDeliveryRoute({
    method: 'get',
    path: '/delivery/:name/-/feedback',
    id: 'getDeliveryFeedback',
    summary: 'What applications reported of each version',
    action: 'usage.read',
    params: packageParams,
    query: schemas.sinceQuery,
    answers: { 200: { description: 'The sums', schema: schemas.feedbackAnswer } },
    async handle({ subject, query: { days } }, { services, response }) {
      const { feedback, wallTime } = services.delivery;
      response.json({ feedback: await feedback.summary(subject.name, new Date(wallTime() - days * DAY)) });
    },
  }),
  defineDeliveryRoute({
    method: 'get',
    path: '/delivery/:name/:prompt',
    id: 'getDelivery',
    summary: 'A prompt with all that it is made of, as a channel or version has it',
    action: 'package.read',
    params: schemas.deliveryParams,
    query: schemas.deliveryQuery,
    answers: {
      200: { description: 'The prompt', schema: schemas.deliveryAnswer },
      304: { description: 'It is as the ETag says' },
      410: { description: 'The version was revoked' },
    },
    async handle({ subject, params: { prompt }, query }, call) {
      const { actor, services, request, response, turn } = call;
      const wanted = requestOf(subject.name, prompt, query);
      const { found, pick, compatibility } = await choose(call, wanted, query.key);
      const { ready, time, wallTime, models } = services.delivery;
      const wire = wireRequest({ ...wireParts(request), url: request.originalUrl });
      // What holds of a model holds of one version, and may be another thing the next time.
      const isOpen = compatibility !== undefined || (wanted.model !== undefined && models.isBinding);
      if (wire && request.method === 'GET' && !found.stale && !isOpen) {
        ready.decide(wire, wanted, { token: tokenOf(actor), mayRead: pick.version.privateSources, turn });
      }
      const { source, stale, delivered } = found;
      sendDelivery(
        request,
        response,
        wireAnswer(wanted, pick, {
          source,
          stale,
          age: time() - delivered.readAt,
          now: wallTime(),
          compatibility,
        }),
      );
    },
  }),
  defineDeliveryRoute({
    method: 'post',
    path: '/delivery/:name/:prompt/render',
    id: 'renderDelivery',
    summary: 'A prompt, rendered with parameters',
    action: 'package.read',
    params: schemas.deliveryParams,
    body: schemas.renderBody,
    answers: { 200: { description: 'Its messages', schema: schemas.renderAnswer } },
    async handle({ subject, params: { prompt }, body: { parameters, preview, ...wanted } }, call) {
      const { services, response } = call;
      const request = requestOf(subject.name, prompt, wanted);
      const chosen = await choose(call, request, wanted.key, { counts: !preview });
      const { pick } = chosen;
      const { digest, content, version } = pick.version;
      const name = `${request.package}@${version}/${request.prompt}`;
      const rendered = await services.delivery.workshop.render({ name, digest, content, parameters });
      response.json({ ...rendered, ...described(call, request, chosen) });
    },
  }),
  defineRoute({
    method: 'post',
    path: '/delivery/batch',
    id: 'getDeliveries',
    summary: 'Many prompts at once',
    action: 'package.read',
    survivesOutage: true,
    body: schemas.batchBody,
    answers: { 200: { description: 'A result for each', schema: schemas.batchAnswer } },
    async handle({ body: { prompts } }, call) {
      const { actor, services, request, response } = call;
      const turn = pLimit(AT_ONCE);
      const one = async ({ package: name, prompt, ...wanted }: (typeof prompts)[number]) => {
        try {
          await services.delivery.audience.assertReads(actor, [name]);
          const asked = requestOf(name, prompt, wanted);
          const chosen = await choose(call, asked, wanted.key);
          const { pick } = chosen;
          const content: unknown = JSON.parse(pick.version.content);
          const contract: unknown = JSON.parse(pick.version.contract);
          return { status: 200, ...described(call, asked, chosen), content, contract };
        } catch (error) {
          const problem = problemDocument(error, requestId(request, response));
          return { status: problem.status, problem };
        }
      };
      response.json({ results: await Promise.all(prompts.map(entry => turn(() => one(entry)))) });
    },
  }),
  defineRoute({
    method: 'post',
    path: '/delivery/feedback',
    id: 'reportFeedback',
    summary: 'Report what came of an answer, for comparing versions',
    action: 'delivery.report',
    survivesOutage: true,
    body: schemas.feedbackBody,
    answers: { 202: { description: 'It will be counted' } },
    async handle({ body: { key, score, note, ...report } }, { actor, services, response }) {
      const { audience, feedback, wallTime } = services.delivery;
      await audience.assertReads(actor, [report.package]);
      const keyHash = key === undefined ? null : createHash('sha256').update(key).digest('hex').slice(0, 32);
      const at = new Date(wallTime());
      feedback.report({
        ...report,
        score: score ?? null,
        note: note ?? null,
        keyHash,
        token: tokenOf(actor),
        at,
      });
      response.status(202).end();
    },
  }),
];

function requestOf(name: string, prompt: string, { tag, version, model }: Wanted): DeliveryRequest {
  return { package: name, prompt, selector: selectorOf(tag, version), model };
}

interface Chosen {
  readonly found: Found;
  readonly pick: Pick;
  readonly compatibility: ModelNote | undefined;
}

/** Finds what is asked for, lets the caller read all of it, and counts it unless they only look at it. */
async function choose(
  { actor, services }: Call,
  request: DeliveryRequest,
  key: string | undefined,
  { counts = true }: { readonly counts?: boolean } = {},
): Promise<Chosen> {
  const { deliveries, audience, usage, random, models } = services.delivery;
  const found = await deliveries.get(request);
  const pick = pickVersion(found.delivered, request, { key, random });
  await audience.assertReads(actor, pick.version.privateSources);
  const { package: name, prompt, model } = request;
  const { version } = pick.version;
  const compatibility =
    model === undefined ? undefined : await models.note({ package: name, version, prompt, model });
  if (counts) usage.count(DeliveryUsage.of(request, version, tokenOf(actor)));
  return { found, pick, compatibility };
}

function described(
  { services }: Call,
  request: DeliveryRequest,
  { found, pick: { version, split }, compatibility }: Chosen,
) {
  const { source, stale, delivered } = found;
  const { time, wallTime } = services.delivery;
  return {
    ...identityOf(request, version),
    ...(split ? { split } : {}),
    ...(compatibility ? { compatibility } : {}),
    ...provenanceOf({ source, stale, age: time() - delivered.readAt, now: wallTime() }),
  };
}

/** Which credential somebody shows, as the audit names it. */
function tokenOf(actor: Actor): string {
  return actor.kind === 'anonymous' ? 'anonymous' : credentialOf(actor);
}

function wireParts({ headers, socket }: Call['request']) {
  return { headers, socket };
}
