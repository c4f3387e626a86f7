import type { Response } from 'express';
import type { ChannelOutcome } from '../ports/channel-repository.js';
import * as answers from './approval-answers.js';
import {
  forceBody,
  promotionBody,
  promotionParams,
  revocationBody,
  rollbackBody,
} from './approval-schemas.js';
import { definePackageRoute, defineReviewedPackageRoute, type Route } from './route.js';
import { packageParams } from './schemas.js';

export const channelRoutes: readonly Route[] = [
  definePackageRoute({
    method: 'post',
    path: '/packages/:name/promotions',
    id: 'promote',
    summary: 'Point a channel at an approved version, now or at a time',
    action: 'package.promote',
    params: packageParams,
    body: promotionBody,
    answers: {
      200: { description: 'It was moved', schema: answers.move },
      201: { description: 'It will be', schema: answers.scheduled },
      202: { description: 'The channel asks for more approvals than there are', schema: answers.approval },
    },
    async handle({ params: { name, ...rest }, body: { at, version, tag, reason } }, call) {
      const { actor, services, response } = call;
      const promotion = { ...rest, version, tag, reason };
      if (at !== undefined) {
        const made = await services.channels.schedule(actor, name, { ...promotion, runAt: new Date(at) });
        response.status(201).json(answers.scheduledDocument(made));
        return;
      }
      answer(response, { name, tag, outcome: await services.channels.promote(actor, name, promotion) });
    },
  }),
  definePackageRoute({
    method: 'get',
    path: '/packages/:name/promotions',
    id: 'listPromotions',
    summary: 'Promotions that are to come, and what came of others',
    action: 'package.promote',
    params: packageParams,
    answers: { 200: { description: 'Newest first', schema: answers.schedule } },
    async handle({ params: { name } }, { services, response }) {
      const found = await services.channels.scheduled(name);
      response.json({ promotions: found.map(answers.scheduledDocument) });
    },
  }),
  definePackageRoute({
    method: 'delete',
    path: '/packages/:name/promotions/:promotion',
    id: 'cancelPromotion',
    summary: 'Call off a promotion that is to come',
    action: 'package.promote',
    params: promotionParams,
    answers: { 204: { description: 'It will not be' } },
    async handle({ params: { name, promotion } }, { actor, services, response }) {
      await services.channels.unschedule(actor, name, promotion);
      response.status(204).end();
    },
  }),
  definePackageRoute({
    method: 'post',
    path: '/packages/:name/rollbacks',
    id: 'rollBack',
    summary: 'Point a channel back at a version that it pointed at before, at once',
    action: 'package.promote',
    params: packageParams,
    body: rollbackBody,
    answers: { 200: { description: 'It was moved', schema: answers.move } },
    async handle({ params: { name }, body: { tag, to, reason } }, { actor, services, response }) {
      const outcome = await services.channels.rollBack(actor, name, { tag, version: to, reason });
      answer(response, { name, tag, outcome });
    },
  }),
  defineReviewedPackageRoute({
    method: 'post',
    path: '/packages/:name/break-glass',
    id: 'breakGlass',
    summary: 'Point a channel at a version that is not approved; without an approval in time, it goes back',
    action: 'package.promote',
    params: packageParams,
    body: forceBody,
    answers: {
      202: { description: 'It was moved, and the approval is asked for', schema: answers.approval },
    },
    async handle({ params: { name }, body: { version, tag, reason, password } }, call) {
      const { actor, services, response } = call;
      const forced = { version, tag, reason, password };
      response.status(202).json(answers.requestDocument(await services.channels.force(actor, name, forced)));
    },
  }),
  definePackageRoute({
    method: 'post',
    path: '/packages/:name/revocations',
    id: 'revokeVersion',
    summary: 'Refuse a version everywhere from now on',
    action: 'package.revoke',
    params: packageParams,
    body: revocationBody,
    answers: { 204: { description: 'Nobody gets it any more' } },
    async handle({ params: { name }, body: { version, reason } }, { actor, services, response }) {
      await services.channels.revoke(actor, name, { version, reason });
      response.status(204).end();
    },
  }),
];

function answer(
  response: Response,
  { name, tag, outcome }: { name: string; tag: string; outcome: ChannelOutcome },
): void {
  if (outcome.kind === 'pending') {
    response.status(202).json(answers.requestDocument(outcome.request));
    return;
  }
  response.json({ package: name, tag, from: outcome.from, to: outcome.to });
}
