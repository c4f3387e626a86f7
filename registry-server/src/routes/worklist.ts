import { z } from 'zod';
import { isRestricted } from '../domain/actor.js';
import { defineRoute, type Route } from './route.js';

const worklist = z
  .object({
    drafts: z.array(z.object({ package: z.string(), updatedBy: z.string(), updatedAt: z.string() })),
    reviews: z.array(
      z.object({
        package: z.string(),
        version: z.string(),
        tags: z.array(z.string()),
        reviewBy: z.string().meta({ description: 'As the block "feat" says' }),
      }),
    ),
    evidence: z.array(
      z.object({
        package: z.string(),
        version: z.string(),
        prompt: z.string(),
        model: z.string(),
        expiresAt: z.string(),
      }),
    ),
  })
  .meta({ id: 'Worklist' });

export const worklistRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/me/worklist',
    id: 'getWorklist',
    summary:
      'Drafts to go on with, and reviews and evidence that end within 30 days, in the projects of who asks',
    action: 'project.list',
    answers: { 200: { description: 'The most urgent first', schema: worklist } },
    async handle(_input, { actor, services, response }) {
      response.set('cache-control', 'no-store');
      // What a credential for some packages is not for, it does not list either.
      if (isRestricted(actor)) {
        response.json({ drafts: [], reviews: [], evidence: [] });
        return;
      }
      const { drafts, reviews, evidence } = await services.worklist.of(actor);
      response.json({
        drafts: drafts.map(one => ({ ...one, updatedAt: one.updatedAt.toISOString() })),
        reviews,
        evidence: evidence.map(one => ({ ...one, expiresAt: one.expiresAt.toISOString() })),
      });
    },
  }),
];
