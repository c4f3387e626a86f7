import { DEFAULT_ALIAS } from '../../config/config.js';
import { tokenFor } from '../../config/credentials.js';
import { SILENT } from '../../core/progress.js';
import { type Approval, type Member, registryConfig } from '../../registry/index.js';
import type { Context } from '../context.js';
import { decideApproval, listApprovals, type ShownApproval, showApproval } from '../governance/approvals.js';
import { openGovernance } from '../governance/open-governance.js';
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
  readonly as?: Capacity | undefined;
}

/** In whose name and for which function of an approver a decision is made. */
export interface Capacity {
  /** By whose delegation; undefined for one's own name. */
  readonly onBehalfOf?: string | undefined;
  /** `business`, `risk`, `validator`; undefined for the one that the registry takes: the first that is missing. */
  readonly function?: string | undefined;
}

/** Requests for approval, for whoever shows them. Each method throws PrompdError, with the registry's own words. */
export interface ApprovalDesk {
  inbox(): Promise<ApprovalInbox>;
  show(id: string): Promise<ShownApproval>;
  /**
   * In which capacities a user may decide about a package now, their own name first: for each function where there are
   * several, and in the names of approvers who delegated to them.
   */
  capacities(of: Pick<Approval, 'project' | 'package'>, user: string): Promise<readonly Capacity[]>;
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
    async capacities({ project, package: name }, user) {
      const { governance, projects } = await openGovernance(context);
      const [delegations, members] = await Promise.all([
        governance.delegations(project),
        projects.members(project),
      ]);
      const now = context.now().getTime();
      const held = delegations.filter(
        ({ to, endsAt, revokedAt }) => to === user && revokedAt === undefined && Date.parse(endsAt) > now,
      );
      const principals = [...new Set(held.map(({ from }) => from))].sort();
      const functionsOf = (whom: string) => functionsIn(members, { user: whom, package: name });
      return [
        {},
        ...functionsOf(user),
        ...principals.flatMap(from =>
          [{}, ...functionsOf(from)].map(capacity => ({ ...capacity, onBehalfOf: from })),
        ),
      ];
    },
    async decide(id, { decision, digest, reason, as }) {
      const said = reason.trim();
      const { approval } = await decideApproval(context, id, {
        decision,
        digest,
        ...as,
        ...(said !== '' && { reason: said }),
      });
      return approval;
    },
  };
}

/** The functions that an approver of a package chooses from; none where there is no choice. */
function functionsIn(
  members: readonly Member[],
  { user, package: name }: { readonly user: string; readonly package: string },
): Capacity[] {
  const roles = members.find(member => member.user === user)?.roles ?? [];
  const approving = roles.filter(
    role => role.role === 'approver' && (role.package === null || role.package === name),
  );
  const functions = [...new Set(approving.flatMap(role => role.functions))].sort();
  return functions.length > 1 ? functions.map(one => ({ function: one })) : [];
}
