import type { Services } from '../services/services.js';
import * as answers from './answers.js';
import { defineRoute } from './route.js';
import { packageParams, tagBody, tagParams } from './schemas.js';

const ofPackage = ({ name }: { name: string }, { reader }: Services) => reader.subject(name);

export const distTagRoutes = [
  defineRoute({
    method: 'get',
    path: '/packages/:name/dist-tags',
    id: 'getDistTags',
    summary: 'The tags of a package and their versions',
    action: 'package.read',
    params: packageParams,
    subject: ofPackage,
    answers: { 200: { description: 'Tag to version', schema: answers.distTags } },
    async handle({ params: { name } }, { services, response }) {
      response.json(await services.reader.distTags(name));
    },
  }),
  defineRoute({
    method: 'get',
    path: '/packages/:name/dist-tag-moves',
    id: 'getDistTagMoves',
    summary: 'Every move of a tag, oldest first',
    action: 'package.read',
    params: packageParams,
    subject: ofPackage,
    answers: { 200: { description: 'The moves', schema: answers.distTagMoves } },
    async handle({ params: { name } }, { services, response }) {
      const moves = await services.reader.distTagMoves(name);
      response.json({ moves: moves.map(move => ({ ...move, movedAt: move.movedAt.toISOString() })) });
    },
  }),
  defineRoute({
    method: 'put',
    path: '/packages/:name/dist-tags/:tag',
    id: 'setDistTag',
    summary: 'Point a tag at a version',
    action: 'package.tag',
    params: tagParams,
    body: tagBody,
    subject: ofPackage,
    answers: { 200: { description: 'All tags after the move', schema: answers.distTags } },
    async handle({ params: { name, tag }, body: { version } }, { actor, services, response }) {
      await services.editor.moveTag(actor, name, { tag, version });
      response.json(await services.reader.distTags(name));
    },
  }),
  defineRoute({
    method: 'delete',
    path: '/packages/:name/dist-tags/:tag',
    id: 'removeDistTag',
    summary: 'Remove a tag',
    action: 'package.tag',
    params: tagParams,
    subject: ofPackage,
    answers: { 204: { description: 'It is gone' } },
    async handle({ params: { name, tag } }, { actor, services, response }) {
      await services.editor.moveTag(actor, name, { tag, version: null });
      response.status(204).end();
    },
  }),
];
