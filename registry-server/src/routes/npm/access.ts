import { definePackageRoute } from '../route.js';
import { accessBody, nameParams } from './schemas.js';

/** Who sees a package, and who may change it, as `npm access` asks. */
export const npmAccessRoutes = [
  definePackageRoute({
    method: 'get',
    path: '/npm/-/package/:name/visibility',
    id: 'npmVisibility',
    summary: 'Whether everybody sees the package',
    action: 'package.read',
    params: nameParams,
    answers: { 200: { description: 'Whether it is public' } },
    async handle({ subject }, { response }) {
      response.json({ public: subject.access === 'public' });
    },
  }),
  definePackageRoute({
    method: 'get',
    path: '/npm/-/package/:name/collaborators',
    id: 'npmCollaborators',
    summary: 'The owners of the package',
    action: 'package.read',
    params: nameParams,
    answers: { 200: { description: 'User to what they may do' } },
    async handle({ subject: { owners = [] } }, { response }) {
      response.json(Object.fromEntries(owners.map(user => [user, 'write'])));
    },
  }),
  definePackageRoute({
    method: 'post',
    path: '/npm/-/package/:name/access',
    id: 'npmSetAccess',
    summary: 'Let everybody see the package, or only who is signed in',
    action: 'package.configure',
    params: nameParams,
    body: accessBody,
    answers: { 200: { description: 'It is so now' } },
    async handle({ params: { name }, body: { access } }, { actor, services, response }) {
      await services.editor.configure(actor, name, { access: access === 'public' ? 'public' : 'private' });
      response.json({ ok: true, id: name });
    },
  }),
];
