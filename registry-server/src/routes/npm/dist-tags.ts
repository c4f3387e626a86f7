import { definePackageRoute } from '../route.js';
import { nameParams, tagBody, tagParams } from './schemas.js';

const PATH = '/npm/-/package/:name/dist-tags';

export const npmDistTagRoutes = [
  definePackageRoute({
    method: 'get',
    path: PATH,
    id: 'npmDistTags',
    summary: 'The tags of a package',
    action: 'package.read',
    params: nameParams,
    answers: { 200: { description: 'Tag to version' } },
    async handle({ subject }, { services, response }) {
      response.json(await services.reader.distTags(subject));
    },
  }),
  definePackageRoute({
    method: 'put',
    path: `${PATH}/:tag`,
    id: 'npmSetDistTag',
    summary: 'Point a tag at a version',
    action: 'package.tag',
    params: tagParams,
    body: tagBody,
    bodyForm: 'value',
    answers: { 201: { description: 'It points there' } },
    async handle({ params: { name, tag }, body: version }, { actor, services, response }) {
      await services.editor.moveTag(actor, name, { tag, version });
      response.status(201).json({ ok: true, id: name });
    },
  }),
  definePackageRoute({
    method: 'delete',
    path: `${PATH}/:tag`,
    id: 'npmRemoveDistTag',
    summary: 'Remove a tag',
    action: 'package.tag',
    params: tagParams,
    answers: { 200: { description: 'It is gone' } },
    async handle({ params: { name, tag } }, { actor, services, response }) {
      await services.editor.moveTag(actor, name, { tag, version: null });
      response.json({ ok: true, id: name });
    },
  }),
];
