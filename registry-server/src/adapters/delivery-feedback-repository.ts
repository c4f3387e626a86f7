import { sql } from 'kysely';
import type {
  DeliveryFeedbackRepository,
  Feedback,
  FeedbackSummary,
} from '../ports/delivery-feedback-repository.js';
import type { Database } from './database.js';

const CHUNK = 1000;
const MAX_ROWS = 1000;

export class SqlDeliveryFeedback implements DeliveryFeedbackRepository {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async add(feedback: readonly Feedback[]): Promise<void> {
    const names = [...new Set(feedback.map(({ package: name }) => name))];
    if (names.length === 0) return;
    const found = await this.#db
      .selectFrom('packages')
      .innerJoin('versions', 'versions.package_id', 'packages.id')
      .select(['packages.id', 'packages.name', 'versions.version'])
      .where('packages.name', 'in', names)
      .where('versions.version', 'in', [...new Set(feedback.map(({ version }) => version))])
      .execute();
    const ids = new Map(found.map(({ id, name, version }) => [`${name}@${version}`, id]));
    const rows = feedback.flatMap(({ package: name, keyHash, ...report }) => {
      const id = ids.get(`${name}@${report.version}`);
      return id === undefined ? [] : [{ package_id: id, key_hash: keyHash, ...report }];
    });
    for (let from = 0; from < rows.length; from += CHUNK) {
      await this.#db
        .insertInto('delivery_feedback')
        .values(rows.slice(from, from + CHUNK))
        .execute();
    }
  }

  async forget(before: Date): Promise<void> {
    await this.#db.deleteFrom('delivery_feedback').where('at', '<', before).execute();
  }

  async summary(name: string, since: Date): Promise<readonly FeedbackSummary[]> {
    const rows = await this.#db
      .selectFrom('delivery_feedback as f')
      .innerJoin('packages', 'packages.id', 'f.package_id')
      .select(['f.version', 'f.prompt', 'f.outcome'])
      .select([
        sql<string | number>`count(*)`.as('count'),
        sql<string | number>`count(distinct f.key_hash)`.as('keys'),
        sql<string | number>`count(f.score)`.as('scored'),
        sql<number | null>`avg(f.score)`.as('mean'),
        sql<number | null>`min(f.score)`.as('lowest'),
        sql<number | null>`max(f.score)`.as('highest'),
      ])
      .where('packages.name', '=', name)
      .where('f.at', '>=', since)
      .groupBy(['f.version', 'f.prompt', 'f.outcome'])
      .orderBy('f.version')
      .orderBy('f.prompt')
      .orderBy('f.outcome')
      .limit(MAX_ROWS)
      .execute();
    return rows.map(({ version, prompt, outcome, count, keys, scored, mean, lowest, highest }) => ({
      version,
      prompt,
      outcome,
      count: Number(count),
      keys: Number(keys),
      scored: Number(scored),
      meanScore: mean,
      lowestScore: lowest,
      highestScore: highest,
    }));
  }
}
