import type { Transaction } from 'kysely';
import { PrompdError } from 'prompd/core';
import type { ChannelSplit, ChannelSplitMove } from '../domain/channel-split.js';
import type { ChannelSplitRepository, SplitChange } from '../ports/channel-split-repository.js';
import { auditPackage } from './audit-append.js';
import { assertMayCarry, assertMaySteer } from './channel-moves.js';
import { readSplit, writeSplit } from './channel-split-rows.js';
import type { Database } from './database.js';
import type { DatabaseSchema } from './database-schema.js';
import { announceDelivery } from './delivery-events.js';
import { assertNotForced } from './forced-versions.js';
import { lockPackage } from './package-locks.js';
import { tagTarget } from './package-tags.js';

type Trx = Transaction<DatabaseSchema>;

const MAX_MOVES = 1000;

export class SqlChannelSplits implements ChannelSplitRepository {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async find(name: string, tag: string): Promise<ChannelSplit | undefined> {
    const found = await this.#db
      .selectFrom('packages')
      .select('id')
      .where('name', '=', name)
      .executeTakeFirst();
    return found && readSplit(this.#db, found.id, tag);
  }

  async moves(name: string, tag: string): Promise<readonly ChannelSplitMove[]> {
    const rows = await this.#db
      .selectFrom('channel_split_moves as move')
      .innerJoin('packages', 'packages.id', 'move.package_id')
      .select(['from_version', 'from_weight', 'to_version', 'to_weight', 'actor', 'reason', 'moved_at'])
      .where('packages.name', '=', name)
      .where('move.tag', '=', tag)
      .orderBy('move.id', 'desc')
      .limit(MAX_MOVES)
      .execute();
    return rows.reverse().map(row => ({
      from: splitOf(row.from_version, row.from_weight),
      to: splitOf(row.to_version, row.to_weight),
      actor: row.actor,
      reason: row.reason,
      movedAt: row.moved_at,
    }));
  }

  async set(name: string, change: SplitChange): Promise<void> {
    await this.#db.transaction().execute(async trx => {
      const { id } = await lockPackage(trx, name);
      await setSplit(trx, id, { ...change, name });
    });
  }
}

async function setSplit(
  trx: Trx,
  packageId: number,
  { name, tag, split, stamp }: SplitChange & { name: string },
): Promise<void> {
  const before = await readSplit(trx, packageId, tag);
  const target = await tagTarget(trx, packageId, tag);
  if (!target) {
    throw new PrompdError('ENOVERSION', `${name} has no tag "${tag}".`, { facts: { name, tag } });
  }
  if (split?.version === target.version) {
    throw new PrompdError('EUSAGE', `"${tag}" of ${name} points at ${split.version} already.`, {
      facts: { name, tag, version: split.version },
      hint: 'Name the version that is to be tried beside it.',
    });
  }
  if (before?.version === split?.version && before?.weight === split?.weight) return;
  const of = { id: packageId, name };
  if (split) await assertMayCarry(trx, of, { version: split.version, tag, stamp });
  else await assertMaySteer(trx, of, { tag, stamp });
  const id = split ? await publishedId(trx, { packageId, name, version: split.version }) : undefined;
  if (split && id !== undefined) {
    await assertNotForced(trx, { name, version: { id, version: split.version }, tag });
  }
  const after = split && id !== undefined ? { ...split, id } : undefined;
  await writeSplit(trx, packageId, { tag, before, after, stamp });
  await announceDelivery(trx, { type: 'change', packageId, now: stamp.now });
  await auditPackage(trx, stamp, {
    name,
    action: 'tag.split',
    subject: `tag ${name}@${tag}`,
    before: textOf(before),
    after: textOf(after),
  });
}

async function publishedId(
  trx: Trx,
  { packageId, name, version }: { packageId: number; name: string; version: string },
): Promise<number> {
  const row = await trx
    .selectFrom('published_versions')
    .select('id')
    .where('package_id', '=', packageId)
    .where('version', '=', version)
    .executeTakeFirst();
  if (row) return row.id;
  throw new PrompdError('ENOVERSION', `${name} has no version ${version}.`, { facts: { name, version } });
}

function splitOf(version: string | null, weight: number | null): ChannelSplit | null {
  return version === null || weight === null ? null : { version, weight };
}

function textOf(split: ChannelSplit | undefined): string | undefined {
  return split && `${split.version} ${split.weight}%`;
}
