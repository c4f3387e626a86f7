import * as answers from './answers.js';
import { definePackageRoute } from './route.js';
import { packageParams, tagBody, tagParams } from './schemas.js';

export const distTagRoutes = [
  definePackageRoute({
    method: 'get',
    path: '/packages/:name/dist-tags',
    id: 'getDistTags',
    summary: 'The tags of a package and their versions',
    action: 'package.read',
    params: packageParams,
    answers: { 200: { description: 'Tag to version', schema: answers.distTags } },
    async handle({ subject }, { services, response }) {
      response.json(await services.reader.distTags(subject));
    },
  }),
  definePackageRoute({
    method: 'get',
    path: '/packages/:name/dist-tag-moves',
    id: 'getDistTagMoves',
    summary: 'Every move of a tag, oldest first',
    action: 'package.read',
    params: packageParams,
    answers: { 200: { description: 'The moves', schema: answers.distTagMoves } },
    async handle({ subject }, { services, response }) {
      const moves = await services.reader.distTagMoves(subject);
      response.json({ moves: moves.map(move => ({ ...move, movedAt: move.movedAt.toISOString() })) });
    },
  }),
  definePackageRoute({
    method: 'put',
    path: '/packages/:name/dist-tags/:tag',
    id: 'setDistTag',
    summary: 'Point a tag at a version',
    action: 'package.tag',
    params: tagParams,
    body: tagBody,
    answers: { 200: { description: 'All tags after the move', schema: answers.distTags } },
    async handle({ params: { name, tag }, body: { version }, subject }, { actor, services, response }) {
      await services.editor.moveTag(actor, name, { tag, version });
      response.json(await services.reader.distTags(subject));
    },
  }),
  definePackageRoute({
    method: 'delete',
    path: '/packages/:name/dist-tags/:tag',
    id: 'removeDistTag',
    summary: 'Remove a tag',
    action: 'package.tag',
    params: tagParams,
    answers: { 204: { description: 'It is gone' } },
    async handle({ params: { name, tag } }, { actor, services, response }) {
      await services.editor.moveTag(actor, name, { tag, version: null });
      response.status(204).end();
    },
  }),
];
