import { DEFAULT_ALIAS } from '../../config/config.js';
import { tokenFor } from '../../config/credentials.js';
import { SILENT } from '../../core/progress.js';
import { type Approval, registryConfig } from '../../registry/index.js';
import type { Context } from '../context.js';
import {
  decideApproval,
  listApprovals,
  listDelegations,
  type ShownApproval,
  showApproval,
} from '../governance/approvals.js';
import { whoami } from '../registry/account.js';

/** What waits for a decision, newest first. */
export interface ApprovalInbox {
  readonly registry: string;
  /** Who is signed in; undefined for nobody, who has no inbox. */
  readonly user: string | undefined;
  readonly approvals: readonly Approval[];
}

export interface TypedDecision {
  readonly decision: 'approve' | 'decline';
  /** What was looked at. */
  readonly digest: string;
  /** '' for none. */
  readonly reason: string;
  /** In whose name, by a delegation; undefined for one's own. */
  readonly onBehalfOf?: string | undefined;
}

/** Requests for approval, for whoever shows them. Each method throws PrompdError, with the registry's own words. */
export interface ApprovalDesk {
  inbox(): Promise<ApprovalInbox>;
  show(id: string): Promise<ShownApproval>;
  /** In whose names a user may decide now, besides their own: by what approvers of the project delegated to them. */
  principals(project: string, user: string): Promise<readonly string[]>;
  /** @throws PrompdError EFOUREYES, EAPPROVAL, EFORBIDDEN, EFEAT, EINTEGRITY */
  decide(id: string, typed: TypedDecision): Promise<Approval>;
}

export function openApprovalDesk(outer: Context): ApprovalDesk {
  const context = { ...outer, progress: SILENT };
  return {
    async inbox() {
      const { config, env } = context;
      const registry = registryConfig(config, DEFAULT_ALIAS);
      const token = await tokenFor({ config, env, warn: () => {} }, registry);
      if (token === undefined) return { registry: registry.url, user: undefined, approvals: [] };
      const [{ approvals }, { name }] = await Promise.all([
        listApprovals(context, { state: 'pending' }),
        whoami(context),
      ]);
      return { registry: registry.url, user: name, approvals };
    },
    show: id => showApproval(context, id),
    async principals(project, user) {
      const { delegations } = await listDelegations(context, project);
      const now = context.now().getTime();
      const held = delegations.filter(
        ({ to, endsAt, revokedAt }) => to === user && revokedAt === undefined && Date.parse(endsAt) > now,
      );
      return [...new Set(held.map(({ from }) => from))].sort();
    },
    async decide(id, { decision, digest, reason, onBehalfOf }) {
      const said = reason.trim();
      const { approval } = await decideApproval(context, id, {
        decision,
        digest,
        onBehalfOf,
        ...(said !== '' && { reason: said }),
      });
      return approval;
    },
  };
}
