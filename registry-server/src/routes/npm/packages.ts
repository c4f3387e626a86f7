import type { Request } from 'express';
import { isPublication, npmDocument } from '../../services/npm/document.js';
import { type NpmForm, SHORT_TYPE } from '../../services/npm/packument.js';
import { answeredUnchanged } from '../conditional.js';
import { keepAnswer } from '../keep-answer.js';
import { authorSignature } from '../packages.js';
import { definePackageRoute, defineRoute } from '../route.js';
import { sendRendered } from '../send-rendered.js';
import { tarballRoute } from '../tarballs.js';
import { archiveParams, nameParams, revisionParams, selectorParams } from './schemas.js';

const TYPES: Readonly<Record<NpmForm, string>> = { full: 'application/json', short: SHORT_TYPE };

export const npmPackageRoutes = [
  definePackageRoute({
    method: 'get',
    path: '/npm/:name',
    id: 'npmPackument',
    summary: 'The document of a package, in the form that is asked for',
    action: 'package.read',
    params: nameParams,
    answers: { 200: { description: 'The document' }, 304: { description: 'It is as the ETag says' } },
    async handle({ subject }, call) {
      const { services, request, response, baseUrl } = call;
      const form = wantedForm(request);
      const npmUrl = `${baseUrl}/npm`;
      response.vary('accept');
      if (answeredUnchanged(request, response, services.reader.npmPackumentTag(subject, npmUrl, form)))
        return;
      const document = await services.reader.npmPackument(subject, npmUrl, form);
      const body = sendRendered(request, response, { document, type: TYPES[form] });
      keepAnswer(call, { name: subject.name, body });
    },
  }),
  defineRoute({
    method: 'put',
    path: '/npm/:name',
    id: 'npmPublish',
    summary: 'Publish a version, or change what may change of a package',
    action: 'package.publish',
    params: nameParams,
    body: npmDocument,
    bodyForm: 'document',
    answers: {
      201: { description: 'It is done' },
      202: { description: 'The version waits for the approval that its project asks for' },
    },
    async handle({ params: { name }, body }, call) {
      const { actor, services, response } = call;
      if (isPublication(body)) {
        const signature = authorSignature(call);
        const { version, status } = await services.npm.publish(actor, name, { document: body, signature });
        response
          .status(status === 'pending' ? 202 : 201)
          .json({ ok: true, success: true, id: `${name}@${version}` });
        return;
      }
      const found = await services.reader.find(name, actor);
      await services.npm.update(actor, found, { document: body, revision: undefined });
      response.status(201).json({ ok: true, success: true, id: name });
    },
  }),
  definePackageRoute({
    method: 'put',
    path: '/npm/:name/-rev/:rev',
    id: 'npmUpdate',
    summary: 'Take a version away, change owners or deprecate, if nothing has changed since',
    action: 'package.configure',
    params: revisionParams,
    body: npmDocument,
    bodyForm: 'document',
    answers: { 201: { description: 'It is done' } },
    async handle({ params: { name, rev }, body, subject }, { actor, services, response }) {
      await services.npm.update(actor, subject, { document: body, revision: rev });
      response.status(201).json({ ok: true, id: name });
    },
  }),
  definePackageRoute({
    method: 'delete',
    path: '/npm/:name/-/:file/-rev/:rev',
    id: 'npmRemoveArchive',
    summary: 'What npm sends after a version was taken away; the archive went with it',
    action: 'package.unpublish',
    params: archiveParams,
    answers: { 200: { description: 'It is gone' } },
    async handle({ params: { file }, subject }, { services, response }) {
      await services.reader.assertNoArchive(subject, file);
      response.json({ ok: true });
    },
  }),
  tarballRoute('/npm/:name/-/:file', 'npmArchive'),
  definePackageRoute({
    method: 'get',
    path: '/npm/:name/:version',
    id: 'npmVersion',
    summary: 'One version, by its number or a tag',
    action: 'package.read',
    params: selectorParams,
    answers: { 200: { description: 'The version' } },
    async handle({ params: { version }, subject }, { services, response, baseUrl }) {
      response.json(await services.reader.npmVersion(subject, version, `${baseUrl}/npm`));
    },
  }),
  definePackageRoute({
    method: 'delete',
    path: '/npm/:name/-rev/:rev',
    id: 'npmUnpublish',
    summary: 'Unpublish a package with all its versions, if nothing has changed since',
    action: 'package.unpublish',
    params: revisionParams,
    answers: { 200: { description: 'It is gone' } },
    async handle({ params: { name, rev }, subject }, { actor, services, response }) {
      await services.npm.remove(actor, subject, rev);
      response.json({ ok: true, id: name });
    },
  }),
];

/** Whoever does not ask for the short form gets all. */
function wantedForm(request: Request): NpmForm {
  return request.accepts([TYPES.full, TYPES.short]) === TYPES.short ? 'short' : 'full';
}
