import { z } from 'zod';
import { DEFAULT_POLICY, type Policy } from '#server/domain/policy.js';
import * as answers from '#server/routes/answers.js';
import { OPEN_POLICY } from '../support/policy.js';
import { archiveBody, jsonBody, packTest, type TestRegistry } from '../support/registry.js';
import { SUITE_FILES, suiteManifest } from '../support/suite-package.js';
import { failedReport, matrixSchema } from './compatibility-answers.js';
import { SMALL } from './governed-scene.js';

export interface RouteInput {
  /** What stands in the address. */
  readonly values: Readonly<Record<string, string>>;
  readonly init: RequestInit & { readonly token?: string };
}

/** Only what is of tier 1 waits: packages without a block, which other tests write, are of tier 3. */
const POLICY: Policy = {
  ...OPEN_POLICY,
  tiers: { ...OPEN_POLICY.tiers, 1: DEFAULT_POLICY.tiers[1] },
  channels: DEFAULT_POLICY.channels,
};

/** A version and whoever publishes it: each input is about one of its own. */
let minor = 0;

/**
 * What makes a request of the registry's admin to a route of approvals and channels succeed. The admin of the registry is
 * an approver of the project `guild`, as is another user, and a third is its editor.
 */
export async function approvalRouteInput(
  registry: TestRegistry,
  id: string,
): Promise<RouteInput | undefined> {
  const to = (values: Readonly<Record<string, string>>, method = 'GET', body?: object): RouteInput => ({
    values,
    init: body ? jsonBody(method, body) : { method },
  });
  switch (id) {
    case 'getApproval':
    case 'compareApproval':
    case 'getApprovalArchive':
    case 'getApprovalCompatibility':
    case 'listApprovalCompatibilityRuns':
      return to({ id: (await pend(registry, 'writer')).id });
    case 'decideApproval': {
      const { id: request, digest } = await pend(registry, 'writer');
      // The registry's admin made the writer's token, and so is none of the other eyes.
      const { values, init } = to({ id: request }, 'POST', { decision: 'approve', digest });
      return { values, init: { ...init, token: await registry.tokenOf('decider', 'publish') } };
    }
    case 'startApprovalCompatibilityRun':
      return to({ id: (await pend(registry, 'writer')).id }, 'POST', {});
    case 'reportApprovalCompatibility': {
      const { id: request } = await pend(registry, 'writer');
      return to({ id: request }, 'POST', await report(registry, request));
    }
    case 'changeApprovalTier':
      return to({ id: (await pend(registry, 'writer')).id }, 'PUT', { tier: 2, reason: 'x' });
    case 'withdrawApproval':
      return to({ id: (await pend(registry, 'admin')).id }, 'POST', {});
    case 'setPolicy':
      return to({}, 'PUT', { policy: POLICY });
    case 'delegate':
      return to({}, 'POST', await delegation(registry));
    case 'revokeDelegation': {
      const made = await registry.request(
        '/projects/guild/delegations',
        jsonBody('POST', await delegation(registry)),
      );
      return to({ delegation: await idIn(made) }, 'DELETE');
    }
    case 'promote':
      return to({}, 'POST', { version: '2.0.0', tag: 'stable' });
    case 'rollBack':
      return to({}, 'POST', { tag: 'stable', to: '1.0.0' });
    case 'revokeVersion':
      return to({}, 'POST', { version: '0.9.0', reason: 'x' });
    case 'cancelPromotion': {
      const at = new Date(Date.now() + 3_600_000).toISOString();
      const body = { version: '2.0.0', tag: 'stable', at };
      const made = await registry.request('/packages/@bank%2Fsubject/promotions', jsonBody('POST', body));
      return to({ promotion: await idIn(made) }, 'DELETE');
    }
    case 'breakGlass': {
      const { package: name, version } = await pend(registry, 'writer');
      return to({ name }, 'POST', { version, tag: 'production', reason: 'an outage of the model' });
    }
  }
  return undefined;
}

/** Makes the people of the project `guild`, and one published version of `@guild/kyc`. */
export async function prepareApprovals(registry: TestRegistry): Promise<void> {
  await registry.request('/projects/guild/policy', jsonBody('PUT', { policy: POLICY }));
  await registry.tokenOf('writer', 'publish');
  const grants = '/projects/guild/grants';
  await registry.request(grants, jsonBody('POST', { user: 'writer', role: 'editor' }));
  await registry.request(
    grants,
    jsonBody('POST', { user: 'admin', role: 'approver', functions: ['business'] }),
  );
  const token = await registry.tokenOf('decider', 'publish');
  const role = { user: 'decider', role: 'approver', functions: ['business'] };
  await registry.request(grants, jsonBody('POST', role));
  const { id, digest } = await pend(registry, 'writer');
  const init = jsonBody('POST', { decision: 'approve', digest });
  await registry.request(`/approvals/${id}/decisions`, { ...init, token });
}

async function pend(registry: TestRegistry, user: 'writer' | 'admin') {
  minor += 1;
  const manifest = suiteManifest({ name: '@guild/kyc', version: `1.${minor}.0`, feat: SMALL });
  const { bytes } = await packTest(manifest, SUITE_FILES);
  const token = user === 'admin' ? {} : { token: await registry.tokenOf(user, 'publish') };
  const answer = await registry.request('/packages', { ...archiveBody(bytes), ...token });
  const { approval } = answers.receipt.parse(await answer.json());
  if (!approval) throw new Error('not pending');
  return approval;
}

/** What a run found about exactly the version of a request. */
async function report(registry: TestRegistry, request: string): Promise<object> {
  const matrix = await registry.request(`/approvals/${request}/compatibility`);
  return failedReport(matrixSchema.parse(await matrix.json()).prompts);
}

/** To somebody who is a member at this moment. */
async function delegation(registry: TestRegistry): Promise<object> {
  await registry.request('/projects/guild/grants', jsonBody('POST', { user: 'test read', role: 'viewer' }));
  return { to: 'test read', endsAt: new Date(Date.now() + 3_600_000).toISOString(), reason: 'leave' };
}

async function idIn(answer: Response): Promise<string> {
  return z.object({ id: z.string() }).parse(await answer.json()).id;
}
