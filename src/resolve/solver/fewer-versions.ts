import type { PackageName } from '../../core/name.js';
import { compareText } from '../../core/package-key.js';
import type { Problem } from './encoding.js';
import type { Incompatibility } from './incompatibility.js';
import { MAX_LIMIT } from './limit-groups.js';
import { type Core, cheapestLimits, type Effort, type Limits } from './minimal-limits.js';
import { Session } from './session.js';
import { countVersions } from './version-set.js';

export interface FewerOptions {
  /** Fewer additional versions than this are known not to do. */
  readonly least: number;
  /** So many are known to do. */
  readonly most: number;
  /** Work that may be done in all. */
  readonly work: number;
  /** Comparisons of limits with cores that may be made in all. */
  readonly effort: number;
}

/**
 * The search for the fewest additional versions. Solve under some limits; a failure names the limits it rests on, of
 * which one must be higher: a core. Take the cheapest limits that break no core so far, and so on. The first limits that
 * can be kept are the cheapest of all, as every failure was heeded and nothing else was.
 */
export class FewerVersions {
  readonly #session: Session;
  readonly #cores: Core[] = [];
  readonly #effort: Effort;
  readonly #work: number;
  readonly #least: number;
  /** The fewest additional versions that are known to do. */
  #most: number;
  /** Limits under which there are as many. */
  #best: Limits | undefined;

  constructor(problem: Problem, { least, most, work, effort }: FewerOptions) {
    this.#session = new Session(problem, true);
    this.#least = least;
    this.#most = most;
    this.#work = work;
    this.#effort = { left: effort };
  }

  /** @returns a solution with the fewest found; undefined when none has fewer than what was known before */
  async search(): Promise<Session | undefined> {
    let total = this.#least;
    let limits: Limits = new Map();
    while (total < this.#most) {
      const result = await this.#solve(name => limits.get(name) ?? 1);
      if (result.kind === 'solved') return this.#session;
      if (result.kind === 'exhausted') break;
      const core = await this.#narrowed(coreOf(this.#session, result.incompatibility));
      if (core.size === 0) break;
      this.#cores.push(core);
      const next = cheapestLimits(this.#cores, { from: total, most: this.#most - 1, effort: this.#effort });
      if (!next) break;
      ({ limits, total } = next);
    }
    return this.#again();
  }

  /** Leaves out of a core whatever it does not need: the fewer packages it names, the more it says. */
  async #narrowed(core: Core): Promise<Core> {
    let needed = core;
    for (const name of [...core.keys()].sort(compareText)) {
      if (!needed.has(name) || needed.size === 1) continue;
      const rest = new Map([...needed].filter(([other]) => other !== name));
      const result = await this.#solve(other => rest.get(other) ?? MAX_LIMIT);
      if (result.kind === 'exhausted') break;
      if (result.kind === 'failed') needed = coreOf(this.#session, result.incompatibility);
    }
    return needed;
  }

  async #solve(limitOf: (name: PackageName) => number) {
    this.#session.encoding.restart(limitOf);
    const result = await this.#session.run(this.#work - this.#session.work);
    if (result.kind === 'solved') this.#note();
    return result;
  }

  /** A solution made on the way may be better than what was known before. */
  #note(): void {
    const count = countAdditional(this.#session);
    if (count >= this.#most) return;
    this.#most = count;
    this.#best = new Map([...versionCounts(this.#session)]);
  }

  async #again(): Promise<Session | undefined> {
    const best = this.#best;
    if (!best) return undefined;
    this.#session.encoding.restart(name => best.get(name) ?? 1);
    const result = await this.#session.run(this.#work);
    return result.kind === 'solved' ? this.#session : undefined;
  }
}

/** How many versions a solution has besides the first of each package. */
export function countAdditional(session: Session): number {
  let count = 0;
  for (const [, versions] of versionCounts(session)) count += versions - 1;
  return count;
}

function* versionCounts({ encoding }: Session): Generator<[PackageName, number]> {
  for (const [{ name }, answers] of encoding.answers())
    yield [name, new Set(answers.map(({ value }) => value)).size];
}

function coreOf({ encoding }: Session, { terms }: Incompatibility): Core {
  const core = new Map<PackageName, number>();
  for (const { variable, set } of terms) {
    const meaning = encoding.variables[variable];
    if (meaning?.kind === 'limit') core.set(meaning.name, countVersions(set));
  }
  return core;
}
