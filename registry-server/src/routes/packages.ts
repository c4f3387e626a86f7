import { AUTHOR_SIGNATURE_HEADER, type AuthorSignature, type Integrity, parseIntegrity } from 'prompd/core';
import { parseAuthorSignature } from 'prompd/verify';
import { RequestError } from '../domain/problem-document.js';
import * as answers from './answers.js';
import { answeredUnchanged } from './conditional.js';
import { keepAnswer } from './keep-answer.js';
import { type Call, definePackageRoute, defineRoute } from './route.js';
import {
  dependentsQuery,
  facetParams,
  packageParams,
  publishQuery,
  searchParams,
  selectorParams,
  settingsBody,
  versionParams,
} from './schemas.js';
import { sendReceipt } from './send-receipt.js';
import { sendRendered } from './send-rendered.js';
import { receive } from './upload.js';

export const packageRoutes = [
  defineRoute({
    method: 'get',
    path: '/packages',
    id: 'searchPackages',
    summary: 'Search packages',
    action: 'registry.search',
    query: searchParams,
    answers: { 200: { description: 'A page of packages', schema: answers.searchPage } },
    async handle({ query: { q, ...query } }, { actor, services, response }) {
      const { total, hits } = await services.reader.search(actor, { ...query, text: q });
      response.json({
        total,
        limit: query.limit,
        offset: query.offset,
        packages: hits.map(({ owners: _owners, ...hit }) => ({ ...hit, updated: hit.updated.toISOString() })),
      });
    },
  }),
  defineRoute({
    method: 'get',
    path: '/-/facets',
    id: 'countFacets',
    summary: 'Categories, authors and keywords of the packages that a search finds',
    action: 'registry.search',
    query: facetParams,
    answers: { 200: { description: 'Values with the packages that have them', schema: answers.facets } },
    async handle({ query: { q, ...query } }, { actor, services, response }) {
      response.json(await services.reader.facets(actor, { ...query, text: q }));
    },
  }),
  defineRoute({
    method: 'post',
    path: '/packages',
    id: 'publishVersion',
    summary: 'Publish a version: the body is its archive, which alone says what it is',
    action: 'package.publish',
    query: publishQuery,
    upload: true,
    answers: {
      201: { description: 'It is published', schema: answers.receipt },
      202: { description: 'It waits for the approval that its project asks for', schema: answers.receipt },
    },
    async handle({ query: { tag, access } }, call) {
      const { actor, services, response } = call;
      const integrity = expectedIntegrity(call);
      const receipt = await services.publishing.publish({
        actor,
        source: receive(call),
        tag,
        access,
        integrity,
        authorSignature: authorSignature(call),
      });
      services.delivery.deliveries.changed(receipt.name);
      sendReceipt(response, receipt);
    },
  }),
  definePackageRoute({
    method: 'get',
    path: '/packages/:name',
    id: 'getPackage',
    summary: 'A package with all its versions',
    action: 'package.read',
    params: packageParams,
    answers: {
      200: { description: 'The packument', schema: answers.packument },
      304: { description: 'It is as the ETag says' },
    },
    async handle({ subject }, call) {
      const { services, request, response, baseUrl } = call;
      if (answeredUnchanged(request, response, services.reader.packumentTag(subject, baseUrl))) return;
      const document = await services.reader.packument(subject, baseUrl);
      keepAnswer(call, { name: subject.name, body: sendRendered(request, response, { document }) });
    },
  }),
  definePackageRoute({
    method: 'put',
    path: '/packages/:name',
    id: 'configurePackage',
    summary: 'Change access, tags, deprecations and yanks; never content',
    action: 'package.configure',
    params: packageParams,
    body: settingsBody,
    answers: { 200: { description: 'The packument after the change', schema: answers.packument } },
    async handle({ params: { name }, body }, { actor, services, request, response, baseUrl }) {
      await services.editor.configure(actor, name, body);
      const changed = await services.reader.find(name, actor);
      const document = await services.reader.packument(changed, baseUrl);
      sendRendered(request, response, { document });
    },
  }),
  definePackageRoute({
    method: 'get',
    path: '/packages/:name/dependents',
    id: 'getDependents',
    summary: 'Packages whose latest version depends on this one, by name',
    action: 'package.read',
    params: packageParams,
    query: dependentsQuery,
    answers: { 200: { description: 'The first of them', schema: answers.dependents } },
    async handle({ query: { limit }, subject }, { actor, services, response }) {
      const { total, dependents } = await services.reader.dependents(actor, subject, limit);
      response.json({ total, packages: dependents });
    },
  }),
  definePackageRoute({
    method: 'get',
    path: '/packages/:name/:version',
    id: 'getVersion',
    summary: 'One version with its manifest and README',
    action: 'package.read',
    params: selectorParams,
    answers: { 200: { description: 'The version', schema: answers.versionDetails } },
    async handle({ params: { version }, subject }, { services, response, baseUrl }) {
      response.json(await services.reader.version(subject, version, baseUrl));
    },
  }),
  definePackageRoute({
    method: 'delete',
    path: '/packages/:name/:version',
    id: 'unpublishVersion',
    summary: 'Unpublish a version; its name and number stay taken',
    action: 'package.unpublish',
    params: versionParams,
    answers: { 204: { description: 'It is gone' } },
    async handle({ params: { name, version } }, { actor, services, response }) {
      await services.editor.unpublish(actor, name, version);
      response.status(204).end();
    },
  }),
  definePackageRoute({
    method: 'delete',
    path: '/packages/:name',
    id: 'unpublishPackage',
    summary: 'Unpublish all versions at once; their numbers stay taken, and the name stays with its owners',
    action: 'package.unpublish',
    params: packageParams,
    answers: { 204: { description: 'It is gone' } },
    async handle({ params: { name } }, { actor, services, response }) {
      await services.editor.unpublishAll(actor, name);
      response.status(204).end();
    },
  }),
];

function expectedIntegrity({ request }: Call): Integrity | undefined {
  const header = request.get('integrity');
  if (header === undefined) return undefined;
  if (header.length > 1024) throw new RequestError('EBADINTEGRITY', 'The header "integrity" is too long.');
  return parseIntegrity(header);
}

/** The author's signature of what is published, if it came along. @throws RequestError EBADREQUEST */
export function authorSignature({ request }: Call): AuthorSignature | undefined {
  const header = request.get(AUTHOR_SIGNATURE_HEADER);
  if (header === undefined) return undefined;
  const signature = parseAuthorSignature(header);
  if (signature) return signature;
  throw new RequestError('EBADREQUEST', `The header "${AUTHOR_SIGNATURE_HEADER}" holds no signature.`, {
    hint: 'It is "ed25519", the public key and the signature, both in base64, with blanks between.',
  });
}
