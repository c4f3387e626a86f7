import { type Selectable, sql, type Transaction } from 'kysely';
import { projectNotFound } from '../domain/authorize.js';
import { lastAdmin } from '../domain/project.js';
import type { ProjectChange } from '../ports/project-repository.js';
import { canAct } from './active-user.js';
import type { DatabaseSchema, ProjectsTable } from './database-schema.js';
import { readStanding, scopeOf } from './standing.js';

type Trx = Transaction<DatabaseSchema>;

/** Until the transaction ends, no project is made of the scope of a package. Many may hold this at once. */
export async function keepScope(trx: Trx, packageName: string): Promise<void> {
  const scope = scopeOf(packageName);
  if (scope === undefined) return;
  await sql`select pg_advisory_xact_lock_shared(hashtextextended(${lockName(scope)}, 0))`.execute(trx);
}

/** Until the transaction ends, nobody publishes in the scope. */
export async function lockScope(trx: Trx, scope: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${lockName(scope)}, 0))`.execute(trx);
}

function lockName(scope: string): string {
  return `scope ${scope}`;
}

/**
 * The project's row is the lock under which its changes queue. Whether the caller may is decided anew under it: somebody
 * may have taken their role away since the request began.
 * @throws PrompdError ENOTFOUND, and what `authorize` throws
 */
export async function lockProject(
  trx: Trx,
  scope: string,
  { stamp, authorize }: ProjectChange,
): Promise<Selectable<ProjectsTable>> {
  const row = await trx
    .selectFrom('projects')
    .selectAll()
    .where('scope', '=', scope)
    .forUpdate()
    .executeTakeFirst();
  if (!row) throw projectNotFound(scope);
  authorize(await readStanding(trx, { scope, packageName: undefined, user: stamp.actor }));
  return row;
}

/**
 * Takes something away, but never the last admin of the whole project; under the lock on the project.
 * @throws PrompdError EUSAGE
 */
export async function keepingAnAdmin<T>(
  trx: Trx,
  { scope, now }: { readonly scope: string; readonly now: Date },
  take: () => Promise<T>,
): Promise<T> {
  const before = await hasAdmin(trx, scope, now);
  const taken = await take();
  if (before && !(await hasAdmin(trx, scope, now))) throw lastAdmin(scope);
  return taken;
}

/** Who cannot sign in any more administers nothing. */
async function hasAdmin(trx: Trx, scope: string, now: Date): Promise<boolean> {
  const found = await trx
    .selectFrom('member_roles')
    .select('user_name')
    .where('scope', '=', scope)
    .where('package', 'is', null)
    .where('role', '=', 'admin')
    .where(canAct(sql.ref('user_name'), now))
    .limit(1)
    .executeTakeFirst();
  return found !== undefined;
}
