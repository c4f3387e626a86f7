import type { FoundPackage, PackageReader } from '../services/package-reader.js';
import * as answers from './answers.js';
import { definePackageRoute } from './route.js';
import { formerOwnerParams, ownerParams, packageParams } from './schemas.js';

export const ownerRoutes = [
  definePackageRoute({
    method: 'get',
    path: '/packages/:name/owners',
    id: 'getOwners',
    summary: 'The users to whom a package belongs, and who made them owners',
    action: 'package.read',
    params: packageParams,
    answers: { 200: { description: 'The owners', schema: answers.owners } },
    async handle({ subject }, { services, response }) {
      response.json(await shown(services.reader, subject));
    },
  }),
  definePackageRoute({
    method: 'put',
    path: '/packages/:name/owners/:user',
    id: 'addOwner',
    summary: 'Make a user an owner',
    action: 'package.own',
    params: ownerParams,
    answers: { 200: { description: 'All owners after the change', schema: answers.owners } },
    async handle({ params: { name, user }, subject }, { actor, services, response }) {
      await services.owners.add(actor, name, user);
      response.json(await shown(services.reader, subject));
    },
  }),
  definePackageRoute({
    method: 'delete',
    path: '/packages/:name/owners/:user',
    id: 'removeOwner',
    summary: 'Take an owner away; never the last one',
    action: 'package.own',
    params: formerOwnerParams,
    answers: { 200: { description: 'All owners after the change', schema: answers.owners } },
    async handle({ params: { name, user }, subject }, { actor, services, response }) {
      await services.owners.remove(actor, name, user);
      response.json(await shown(services.reader, subject));
    },
  }),
];

async function shown(reader: PackageReader, subject: FoundPackage) {
  const owners = await reader.owners(subject);
  return { owners: owners.map(owner => ({ ...owner, addedAt: owner.addedAt.toISOString() })) };
}
