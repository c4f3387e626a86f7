import { diffFiles, diffManifests, type FileChange } from '../../compare/index.js';
import { PrompdError } from '../../core/errors.js';
import type { Feat } from '../../core/manifest-type.js';
import { parsePackageName } from '../../core/name.js';
import type { SourceTree } from '../../core/source-tree.js';
import { parseVersion } from '../../core/version.js';
import type { Approval, ApprovalDetails, ApprovalQuery, Delegation } from '../../registry/index.js';
import type { Context } from '../context.js';
import { withSuppliers } from '../install/suppliers.js';
import { comparePackages } from '../version/compare-packages.js';
import type { PackageDiff } from '../version/diff.js';
import { asPrompts, publishedPackages } from '../version/published-packages.js';
import { endOf } from './moment.js';
import { openGovernance } from './open-governance.js';
import { reviewedArchive } from './reviewed-archive.js';

export interface ApprovalList {
  readonly registry: string;
  readonly approvals: readonly Approval[];
}

export interface ShownApproval {
  readonly registry: string;
  readonly approval: ApprovalDetails;
  /** What the package says about itself for those who decide, as its manifest has it; undefined where it says nothing. */
  readonly feat: Feat | undefined;
  /** What it differs in from what is served; undefined where nothing is yet. */
  readonly diff: PackageDiff | undefined;
  /** All files of a first version, which there is nothing to compare with; undefined for others. */
  readonly files: readonly FileChange[] | undefined;
}

export interface DecidedApproval {
  readonly registry: string;
  readonly approval: Approval;
}

/** The requests that the user reviews or wrote, newest first. @throws PrompdError EAUTH, EUNSUPPORTED */
export async function listApprovals(context: Context, query: ApprovalQuery): Promise<ApprovalList> {
  const registry = await openGovernance(context);
  return { registry: registry.url, approvals: await registry.governance.approvals(query) };
}

/**
 * A request, with what the version differs in from the one that is served: contracts first, then texts.
 * @throws PrompdError EUSAGE for what is no id of a request; ENOTFOUND, EINTEGRITY, EAUTH
 */
export async function showApproval(context: Context, id: string): Promise<ShownApproval> {
  assertRequestId(id);
  const registry = await openGovernance(context);
  const approval = await registry.governance.approval(id);
  const { tree, manifest } = await reviewedArchive(context, registry, approval);
  const { base } = approval;
  const shown = { registry: registry.url, approval, feat: manifest.feat };
  if (base === undefined) {
    const files = await diffFiles(NO_FILES, tree, { patches: true, now: context.now });
    return { ...shown, diff: undefined, files };
  }
  const name = parsePackageName(approval.package);
  const diff = await withSuppliers(context, { dir: context.cwd, lockfile: undefined }, async suppliers => {
    const published = publishedPackages(context, { ...suppliers, instead: { name, registry } });
    const before = await published.open(name, parseVersion(base));
    const title = `${name}@${manifest.version} (${approval.state})`;
    const opened = { title, manifest, tree };
    const after = { ...opened, prompts: asPrompts(opened, published.dependency) };
    const { needed: _needed, ...comparison } = await comparePackages(before, after);
    return {
      before: { title: before.title, name, version: before.manifest.version },
      after: { title, name, version: manifest.version },
      order: 'newer' as const,
      ...comparison,
      manifest: diffManifests(before.manifest, manifest),
      files: await diffFiles(before.tree, tree, { patches: true, now: context.now }),
    };
  });
  return { ...shown, diff, files: undefined };
}

const NO_FILES: SourceTree = { paths: [], read: async () => undefined };

export interface DecisionOptions {
  readonly decision: 'approve' | 'decline';
  /** What was looked at; undefined for what is asked for now. */
  readonly digest?: string | undefined;
  readonly function?: string | undefined;
  readonly onBehalfOf?: string | undefined;
  readonly reason?: string | undefined;
}

/**
 * Approves or declines. The bytes are fetched, and what is signed is computed from them.
 * @throws PrompdError EAPPROVAL for another digest than was looked at; EFOUREYES, EFEAT, EINTEGRITY, EFORBIDDEN; EUSAGE
 */
export async function decideApproval(
  context: Context,
  id: string,
  { decision, digest, function: named, onBehalfOf, reason }: DecisionOptions,
): Promise<DecidedApproval> {
  assertRequestId(id);
  if (decision === 'decline' && reason === undefined) {
    throw new PrompdError('EUSAGE', 'Say with "--reason" why it is declined.');
  }
  const registry = await openGovernance(context);
  const details = await registry.governance.approval(id);
  await reviewedArchive(context, registry, details);
  if (digest !== undefined && digest !== details.digest) {
    throw new PrompdError('EAPPROVAL', `${id} asks for something else than what you looked at.`, {
      facts: { id, expected: digest, found: details.digest },
    });
  }
  const draft = { decision, digest: details.digest, function: named, onBehalfOf, reason };
  return { registry: registry.url, approval: await registry.governance.decide(id, draft) };
}

/** Takes a request of one's own back. @throws PrompdError EUSAGE, EAPPROVAL, EFORBIDDEN */
export async function withdrawApproval(
  context: Context,
  id: string,
  reason: string | undefined,
): Promise<DecidedApproval> {
  assertRequestId(id);
  const registry = await openGovernance(context);
  return { registry: registry.url, approval: await registry.governance.withdraw(id, reason) };
}

/** Lets a member decide in the user's name. @throws PrompdError EFORBIDDEN, ENOUSER, EUSAGE */
export async function delegateApprovals(
  context: Context,
  project: string,
  draft: { readonly to: string; readonly until: string; readonly reason: string },
): Promise<Delegation> {
  const registry = await openGovernance(context);
  const { to, until, reason } = draft;
  return registry.governance.delegate(project, { to, endsAt: endOf(until), reason });
}

export interface DelegationList {
  readonly registry: string;
  readonly project: string;
  /** Newest first. */
  readonly delegations: readonly Delegation[];
}

/** Who decides in whose name. @throws PrompdError ENOTFOUND, EAUTH */
export async function listDelegations(context: Context, project: string): Promise<DelegationList> {
  const registry = await openGovernance(context);
  return { registry: registry.url, project, delegations: await registry.governance.delegations(project) };
}

export interface EndedDelegation {
  readonly registry: string;
  readonly project: string;
  readonly id: string;
}

/** Ends a delegation of the user's own. @throws PrompdError ENOTFOUND for one that is another's or has ended */
export async function endDelegation(context: Context, project: string, id: string): Promise<EndedDelegation> {
  const registry = await openGovernance(context);
  await registry.governance.endDelegation(project, id);
  return { registry: registry.url, project, id };
}

/**
 * Changes the tier of what a request is about.
 * @param tier as typed; @param evidence an address and a SHA-256 digest, as typed: needed to lower a tier
 * @throws PrompdError EUSAGE, ENOTFOUND, EAPPROVAL, EFOUREYES, EFORBIDDEN
 */
export async function changeTier(
  context: Context,
  id: string,
  draft: {
    readonly tier: number;
    readonly reason: string;
    readonly evidence?: string | undefined;
    readonly sha256?: string | undefined;
  },
): Promise<DecidedApproval> {
  assertRequestId(id);
  const { tier, reason, evidence: uri, sha256 } = draft;
  if ((uri === undefined) !== (sha256 === undefined)) {
    throw new PrompdError('EUSAGE', 'Evidence is an address and the digest of what is there.', {
      hint: 'Give both: "--evidence https://… --sha256 …".',
    });
  }
  const evidence = uri === undefined || sha256 === undefined ? undefined : { uri, sha256 };
  const registry = await openGovernance(context);
  return {
    registry: registry.url,
    approval: await registry.governance.changeTier(id, { tier, reason, evidence }),
  };
}

function assertRequestId(typed: string): void {
  if (/^apr_[0-9a-f]{24}$/.test(typed)) return;
  throw new PrompdError('EUSAGE', `"${typed.slice(0, 60)}" is not the id of a request.`, {
    hint: 'Take one that "prompd approvals list" shows.',
  });
}
