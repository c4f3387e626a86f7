import { DEFAULT_ALIAS } from '../../config/config.js';
import type { SignedCheckpoint } from '../../core/audit-event.js';
import { type AuditPage, type AuditQuery, connect, type Registry } from '../../registry/index.js';
import type { Context } from '../context.js';
import { readProjectOf, scopeNamed } from './project.js';

/** The chain of what belongs to no project. */
const REGISTRY_CHAIN = 'registry';

/** An audit at a registry. */
export interface AuditPlace {
  readonly registry: Registry;
  /** `@bank`; undefined for what belongs to no project. */
  readonly project: string | undefined;
  readonly chain: string;
}

export interface AuditListing extends Pick<AuditPage, 'chain' | 'events' | 'next'> {
  readonly registry: string;
}

export interface AuditSigning extends SignedCheckpoint {
  readonly registry: string;
}

/**
 * Rows of an audit, oldest first. They are shown as the registry tells them: an export verifies them.
 * @param named a project; undefined for what belongs to none
 * @throws PrompdError ENOTFOUND, EAUTH, EFORBIDDEN, EUNSUPPORTED
 */
export async function listAudit(
  context: Context,
  named: string | undefined,
  { limit = 50, ...query }: AuditQuery,
): Promise<AuditListing> {
  const { registry, project } = await openAudit(context, named);
  const rows: AuditPage['events'][number][] = [];
  let after = query.after;
  while (true) {
    const { chain, events, next } = await registry.audit.page(project, {
      ...query,
      after,
      limit: limit - rows.length,
    });
    rows.push(...events.slice(0, limit - rows.length));
    if (next === null || rows.length >= limit || next <= (after ?? 0)) {
      return { registry: registry.url, chain, events: rows, next };
    }
    after = next;
  }
}

/** Has the registry sign how long an audit is: to be kept where nobody can reach who could change it. */
export async function signAudit(context: Context, named: string | undefined): Promise<AuditSigning> {
  const { registry, project } = await openAudit(context, named);
  return { registry: registry.url, ...(await registry.audit.sign(project)) };
}

/** The audit of a project, or with undefined of the default registry. @throws PrompdError EBADNAME */
export async function openAudit(context: Context, named: string | undefined): Promise<AuditPlace> {
  if (named === undefined) {
    return { registry: connect(context, DEFAULT_ALIAS), project: undefined, chain: REGISTRY_CHAIN };
  }
  const project = scopeNamed(named);
  return { registry: await readProjectOf(context, project), project, chain: project };
}
