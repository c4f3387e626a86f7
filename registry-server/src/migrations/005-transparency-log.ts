import { randomBytes } from 'node:crypto';
import { type Kysely, type Migration, sql } from 'kysely';
import { logLeafHash } from 'prompd/verify';
import { hashesOf, NONCE_BYTES } from '../domain/transparency-log.js';

/** The log of everything published, which begins with all versions that there are, deleted ones among them. */
export const transparencyLog: Migration = {
  async up(db: Kysely<unknown>): Promise<void> {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
    await appendPublished(db);
  },
};

const STATEMENTS = [
  // A row is never changed and never deleted. A subtree's hash stands in the row of the leaf that completed it: one after
  // the other, from the smallest subtree with more than one leaf upwards.
  `create table log_entries (
    position integer primary key check (position >= 0),
    version_id integer not null unique references versions (id),
    nonce text not null,
    leaf_hash bytea not null unique,
    subtree_hashes bytea not null
  )`,
  `create table log_key (
    id integer primary key check (id = 1),
    public_key text not null,
    created_at timestamptz not null
  )`,
];

/** Versions that are read at a time. */
const PAGE = 500;

interface Row {
  readonly id: number;
  readonly name: string;
  readonly version: string;
  readonly integrity: string;
  readonly published_at: Date;
}

async function appendPublished(db: Kysely<unknown>): Promise<void> {
  const newest = new Map<number, Uint8Array>();
  let position = 0;
  for (let after = 0; ; ) {
    const { rows } = await sql<Row>`
      select v.id, p.name, v.version, v.integrity, v.published_at
      from versions v join packages p on p.id = v.package_id
      where v.id > ${after} and v.status = 'published'
      order by v.id limit ${PAGE}`.execute(db);
    if (rows.length === 0) return;
    const entries = rows.map(({ id, name, version, integrity, published_at }) => {
      const nonce = randomBytes(NONCE_BYTES).toString('base64url');
      const leafHash = logLeafHash({
        name,
        version,
        integrity,
        nonce,
        publishedAt: published_at.toISOString(),
      });
      // The last subtree of a level is always the left half of the next one that is completed above it.
      const hashes = hashesOf(position, leafHash, ({ level }) => newest.get(level) ?? leafHash);
      for (const [level, hash] of hashes.entries()) newest.set(level, hash);
      const entry = sql`(${position}, ${id}, ${nonce}, ${leafHash}, ${Buffer.concat(hashes.slice(1))})`;
      position += 1;
      return entry;
    });
    await sql`insert into log_entries (position, version_id, nonce, leaf_hash, subtree_hashes)
      values ${sql.join(entries)}`.execute(db);
    after = rows.at(-1)?.id ?? after;
  }
}
