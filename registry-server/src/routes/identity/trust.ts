import { z } from 'zod';
import { GITHUB_ACTIONS } from '../../domain/identity-settings.js';
import type { TrustRule } from '../../domain/trust-rule.js';
import { projectParams } from '../project-schemas.js';
import { definePackageRoute, defineProjectRoute, defineRoute } from '../route.js';
import { packageName, packageParams, text, tokenParams } from '../schemas.js';
import { addressOf } from './sign-in.js';

const word = (max: number, pattern: RegExp, message: string) => text(max).regex(pattern, message);

const ruleBody = z
  .strictObject({
    issuer: z
      .url({ protocol: /^https?$/ })
      .max(500)
      .default(GITHUB_ACTIONS),
    repository: word(200, /^[\w.-]+(?:\/[\w.-]+)+$/, 'is written as "owner/name"').meta({
      example: 'acme/prompts',
    }),
    workflow: word(200, /^(?!.*\.\.)[\w.-][\w./-]*$/, "is a workflow's file").meta({
      example: 'release.yml',
    }),
    environment: text(200).min(1).optional(),
    ref: word(300, /^refs\/[\x21-\x7e]+$/, 'is a full ref, as "refs/heads/main"').optional(),
  })
  .meta({ id: 'NewTrustRule' });

const rule = z
  .object({
    id: z.number(),
    issuer: z.string(),
    repository: z.string(),
    workflow: z.string(),
    environment: z.string().nullable(),
    ref: z.string().nullable(),
    createdBy: z.string(),
    createdAt: z.string(),
    lastUsedAt: z.string().nullable(),
  })
  .meta({ id: 'TrustRule' });
const ruleList = z.object({ rules: z.array(rule) });

const packageRuleParams = packageParams.extend(tokenParams.shape);
const projectRuleParams = projectParams.extend(tokenParams.shape);

const exchangeBody = z.strictObject({ token: text(16_000).min(1), package: packageName });
const exchanged = z.object({ token: z.string(), expiresAt: z.string(), user: z.string() });

/** Which continuous integration may publish what, and how it gets its token. */
export const trustRoutes = [
  definePackageRoute({
    method: 'get',
    path: '/packages/:name/trust',
    id: 'listPackageTrust',
    summary: 'Which continuous integration may publish the package',
    action: 'package.trust',
    params: packageParams,
    answers: { 200: { description: 'The rules', schema: ruleList } },
    async handle({ params: { name } }, { services, response }) {
      const rules = await services.identity.trust.list({ package: name });
      response.set('cache-control', 'no-store').json({ rules: rules.map(shown) });
    },
  }),
  definePackageRoute({
    method: 'post',
    path: '/packages/:name/trust',
    id: 'addPackageTrust',
    summary: 'Let a workflow publish the package',
    action: 'package.trust',
    params: packageParams,
    body: ruleBody,
    answers: { 201: { description: 'The rule', schema: rule } },
    async handle({ params: { name }, body }, { actor, services, response }) {
      const { environment = null, ref = null, ...rest } = body;
      const added = { ...rest, environment, ref, scope: null, package: name };
      response.status(201).json(shown(await services.identity.trust.add(actor, added)));
    },
  }),
  definePackageRoute({
    method: 'delete',
    path: '/packages/:name/trust/:id',
    id: 'removePackageTrust',
    summary: 'Let a workflow publish the package no longer; tokens that it has end',
    action: 'package.trust',
    params: packageRuleParams,
    answers: { 204: { description: 'It is gone' } },
    async handle({ params: { name, id } }, { actor, services, response }) {
      await services.identity.trust.remove(actor, { package: name }, id);
      response.status(204).end();
    },
  }),
  defineProjectRoute({
    method: 'get',
    path: '/projects/:project/trust',
    id: 'listProjectTrust',
    summary: 'Which continuous integration may publish the packages of the project',
    action: 'project.administer',
    params: projectParams,
    answers: { 200: { description: 'The rules', schema: ruleList } },
    async handle({ subject: { scope } }, { services, response }) {
      const rules = await services.identity.trust.list({ scope });
      response.set('cache-control', 'no-store').json({ rules: rules.map(shown) });
    },
  }),
  defineProjectRoute({
    method: 'post',
    path: '/projects/:project/trust',
    id: 'addProjectTrust',
    summary: 'Let a workflow publish the packages of the project',
    action: 'project.administer',
    params: projectParams,
    body: ruleBody,
    answers: { 201: { description: 'The rule', schema: rule } },
    async handle({ subject: { scope }, body }, { actor, services, response }) {
      const { environment = null, ref = null, ...rest } = body;
      const added = { ...rest, environment, ref, scope, package: null };
      response.status(201).json(shown(await services.identity.trust.add(actor, added)));
    },
  }),
  defineProjectRoute({
    method: 'delete',
    path: '/projects/:project/trust/:id',
    id: 'removeProjectTrust',
    summary: 'Let a workflow publish the packages of the project no longer; tokens that it has end',
    action: 'project.administer',
    params: projectRuleParams,
    answers: { 204: { description: 'It is gone' } },
    async handle({ subject: { scope }, params: { id } }, { actor, services, response }) {
      await services.identity.trust.remove(actor, { scope }, id);
      response.status(204).end();
    },
  }),
  defineRoute({
    method: 'post',
    path: '/-/oidc/exchange',
    id: 'exchangeCiToken',
    summary: 'Exchange a token of continuous integration for one that publishes a package',
    action: 'identity.sign-in',
    ignoresToken: true,
    body: exchangeBody,
    answers: { 201: { description: 'The token', schema: exchanged } },
    async handle({ body }, { services, request, response, hosts }) {
      const { limits, trust } = services.identity;
      await limits.countBegin(addressOf(request));
      const audiences = hosts.map(host => `prompd:${host}`);
      const { expiresAt, ...rest } = await trust.exchange({
        token: body.token,
        packageName: body.package,
        audiences,
      });
      response
        .status(201)
        .set('cache-control', 'no-store')
        .json({ ...rest, expiresAt: expiresAt.toISOString() });
    },
  }),
];

function shown({
  id,
  issuer,
  repository,
  workflow,
  environment,
  ref,
  ...rest
}: TrustRule): z.infer<typeof rule> {
  return {
    id,
    issuer,
    repository,
    workflow,
    environment,
    ref,
    createdBy: rest.createdBy,
    createdAt: rest.createdAt.toISOString(),
    lastUsedAt: rest.lastUsedAt?.toISOString() ?? null,
  };
}
