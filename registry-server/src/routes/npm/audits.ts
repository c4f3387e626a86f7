import { auditReport, auditTree, packagesOfTree, versionsOf } from '../../domain/npm-audit.js';
import { defineRoute, type Route } from '../route.js';

/** A tree of some thousand packages, as pnpm writes it. */
const TREE_BYTES = 1024 * 1024;

/** What npm 6 and pnpm up to 10 ask, who know no other question about advisories; pnpm tries the quick one first. */
export const npmAuditRoutes = [auditRoute('/quick', 'npmQuickAudit'), auditRoute('', 'npmAudit')];

function auditRoute(end: '/quick' | '', id: string): Route {
  return defineRoute({
    method: 'post',
    path: `/npm/-/npm/v1/security/audits${end}`,
    id,
    summary: 'The advisories that hold for a tree of packages, as npm 6 and pnpm 10 ask for them',
    action: 'advisory.read',
    body: auditTree,
    bodyBytes: TREE_BYTES,
    answers: { 200: { description: 'The advisories by id, and where the packages stand in the tree' } },
    async handle({ body }, { actor, services, response, baseUrl }) {
      const packages = packagesOfTree(body);
      const found = await services.advisories.affecting(actor, versionsOf(packages));
      response
        .vary('authorization')
        .set('cache-control', 'no-cache')
        .json(auditReport(packages, found, advisory => `${baseUrl}/advisories/${advisory}`));
    },
  });
}
