import { z } from 'zod';
import { isRequestId, REQUEST_KINDS, REQUEST_STATES } from '../domain/approval.js';
import { policyDocument } from '../domain/policy.js';
import { APPROVER_FUNCTIONS } from '../domain/role.js';
import { MAX_PAGE } from '../settings.js';
import { projectScope } from './project-schemas.js';
import { count, distTag, packageName, text, version } from './schemas.js';

const reason = text(2000).min(1).meta({ description: 'Why, for the audit' });
const requestId = z
  .string()
  .refine(isRequestId, { message: 'is not the id of a request', params: { problem: 'ENOTFOUND' } })
  .meta({ example: 'apr_0123456789abcdef01234567' });
const user = text(300).min(1).meta({ description: 'A user', example: 'jane' });
const moment = z.iso.datetime({ offset: true });

export const requestParams = z.strictObject({ id: requestId });

export const requestsQuery = z.strictObject({
  project: projectScope.optional(),
  package: packageName.optional(),
  version: version.optional(),
  state: z.enum(REQUEST_STATES).optional(),
  kind: z.enum(REQUEST_KINDS).optional(),
  limit: count(MAX_PAGE, 50),
  offset: count(100_000, 0),
});

export const decisionBody = z
  .strictObject({
    decision: z.enum(['approve', 'decline']),
    digest: text(100).meta({ description: 'Of what was looked at, as the request names it' }),
    function: z.enum(APPROVER_FUNCTIONS).optional(),
    onBehalfOf: user.optional().meta({ description: 'The approver who delegated to the caller' }),
    reason: reason.optional(),
  })
  .refine(
    ({ decision, reason: why }) => decision === 'approve' || why !== undefined,
    'must give a reason for declining',
  )
  .meta({ id: 'NewDecision' });

export const tierBody = z
  .strictObject({
    tier: z.union([z.literal(1), z.literal(2), z.literal(3)]),
    reason,
    evidence: z
      .strictObject({ uri: text(2000).min(1), sha256: z.string().regex(/^[0-9a-f]{64}$/) })
      .optional()
      .meta({ description: 'Needed to lower a tier; never fetched' }),
  })
  .meta({ id: 'TierChange' });

export const withdrawalBody = z.strictObject({ reason: reason.optional() });

export const policyBody = z
  .strictObject({ policy: policyDocument, reason: reason.optional() })
  .meta({ id: 'NewPolicy' });

export const delegationBody = z
  .strictObject({ to: user, endsAt: moment, reason })
  .meta({ id: 'NewDelegation' });
export const delegationParams = z.strictObject({ project: projectScope, delegation: text(60).min(1) });

export const promotionBody = z
  .strictObject({
    version,
    tag: distTag,
    at: moment.optional().meta({ description: 'Not now, but then' }),
    reason: reason.optional(),
  })
  .meta({ id: 'NewPromotion' });
export const promotionParams = z.strictObject({ name: packageName, promotion: text(60).min(1) });

export const rollbackBody = z
  .strictObject({
    tag: distTag,
    to: version.optional().meta({ description: 'The one before, where it is left out' }),
    reason: reason.optional(),
  })
  .meta({ id: 'NewRollback' });

export const forceBody = z
  .strictObject({
    version,
    tag: distTag,
    reason: text(2000).min(20),
    password: text(1000).optional().meta({ description: 'Not needed by who has just signed in' }),
  })
  .meta({ id: 'BreakGlass' });

export const revocationBody = z.strictObject({ version, reason }).meta({ id: 'NewRevocation' });
