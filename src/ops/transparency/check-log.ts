import { type LogMemory, logMemory } from '../../config/known-logs.js';
import { PrompdError } from '../../core/errors.js';
import type { Integrity } from '../../core/integrity.js';
import type { PackageName } from '../../core/name.js';
import type { LogAnswer, LogInclusion, SignedTreeHead } from '../../core/transparency-log.js';
import type { Version } from '../../core/version.js';
import type { Registry } from '../../registry/index.js';
import { isConsistent, isIncluded, isSignedTreeHead, logLeafHash } from '../../verify/index.js';
import type { Context } from '../context.js';

/** A package that must stand in the log of its registry. */
export interface LoggedPackage {
  readonly name: PackageName;
  readonly version: Version;
  readonly integrity: Integrity;
}

/** What a log showed. */
export interface LogFinding<Wanted extends LoggedPackage = LoggedPackage> {
  readonly head: SignedTreeHead;
  /** What the log does not have, or has with other bytes. */
  readonly missing: readonly Wanted[];
}

/** How often a head is held against another one that a process remembered meanwhile. */
const ATTEMPTS = 5;

/**
 * Asks the log of a registry, and remembers its head:
 * 1. One request gives the head, the proof from the head that is remembered, and the proofs of the packages.
 * 2. The head must be signed, by the key that was seen first or that is configured.
 * 3. It must not have fewer leaves than the one that is remembered, and must begin with it.
 * 4. It is remembered. Where another process has remembered another one meanwhile, it begins again with that.
 * 5. Each package is looked for in the tree of the head, with the integrity that it is to be installed with.
 *
 * @param packages at most as many as one question takes; @param configured the key that the configuration names for the registry, in base64
 * @returns undefined when the registry has no log, and never showed one
 * @throws PrompdError ELOGKEY, ELOGROLLBACK, ELOGFORK; ELOGABSENT when the log that was there is gone or cannot be
 *   asked; what asking throws when none was ever seen
 */
export async function checkLog<Wanted extends LoggedPackage>(
  { config }: Pick<Context, 'config'>,
  registry: Pick<Registry, 'url' | 'log'>,
  { packages, configured }: { packages: readonly Wanted[]; configured: string | undefined },
): Promise<LogFinding<Wanted> | undefined> {
  const memory = logMemory(config.home);
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const known = await memory.recall(registry.url);
    const answer = await ask(registry, known, packages);
    if (answer === undefined) return undefined;
    assertHonest(answer, known, { url: registry.url, memory, configured });
    if (await memory.advance(registry.url, known, answer.head))
      return { head: answer.head, missing: missingFrom(answer, packages) };
  }
  throw new PrompdError('ELOCKED', `${memory.file} is changed by other processes all the time.`, {
    facts: { file: memory.file },
    hint: 'Wait for the other commands to finish, then try again.',
  });
}

async function ask(
  { url, log }: Pick<Registry, 'url' | 'log'>,
  known: SignedTreeHead | undefined,
  packages: readonly LoggedPackage[],
): Promise<LogAnswer | undefined> {
  const question = {
    from: known?.size ?? 0,
    packages: packages.map(({ name, version }) => ({ name, version })),
  };
  if (known === undefined) return log(question);
  let cause: unknown;
  try {
    const answer = await log(question);
    if (answer !== undefined) return answer;
  } catch (error) {
    if (!(error instanceof PrompdError)) throw error;
    cause = error;
  }
  throw absent(url, cause);
}

/** The error for a log that must be there and is not. */
export function absent(url: string, cause?: unknown): PrompdError {
  const reason = cause instanceof PrompdError ? `: ${cause.message}` : '.';
  return new PrompdError('ELOGABSENT', `The transparency log of ${url} does not answer${reason}`, {
    facts: { registry: url, ...(cause instanceof PrompdError ? { reason: cause.code } : {}) },
    cause,
  });
}

interface Circumstances {
  readonly url: string;
  readonly memory: LogMemory;
  readonly configured: string | undefined;
}

function assertHonest(
  { head, consistency }: LogAnswer,
  known: SignedTreeHead | undefined,
  { url, memory, configured }: Circumstances,
): void {
  const trusted = configured ?? known?.publicKey ?? head.publicKey;
  if (head.publicKey !== trusted || !isSignedTreeHead(head)) {
    throw new PrompdError(
      'ELOGKEY',
      `The transparency log of ${url} is not signed by the key that is trusted.`,
      {
        facts: { registry: url, expected: trusted, found: head.publicKey },
        hint: `Ask the people who run the registry. If they made a new log on purpose, remove its entry from ${memory.file}.`,
      },
    );
  }
  if (known === undefined) return;
  const facts = {
    registry: url,
    seen: `${known.size} ${known.root}`,
    seenSignature: known.signature,
    found: `${head.size} ${head.root}`,
    foundSignature: head.signature,
  };
  if (head.size < known.size) {
    throw new PrompdError(
      'ELOGROLLBACK',
      `The transparency log of ${url} has fewer entries than it had before.`,
      {
        facts,
        hint: `Something that was published has been taken back. If the registry was restored from a backup, remove its entry from ${memory.file}.`,
      },
    );
  }
  const proof = {
    first: known.size,
    firstRoot: Buffer.from(known.root, 'base64'),
    second: head.size,
    secondRoot: Buffer.from(head.root, 'base64'),
    path: (consistency ?? []).map(each => Buffer.from(each, 'base64')),
  };
  if (isConsistent(proof)) return;
  throw new PrompdError(
    'ELOGFORK',
    `The transparency log of ${url} tells another history than it did before.`,
    {
      facts,
      hint: 'Keep what is said here: both heads are signed, which proves it. Do not install from this registry until its people have explained it.',
    },
  );
}

function missingFrom<Wanted extends LoggedPackage>(
  { head, inclusions }: LogAnswer,
  packages: readonly Wanted[],
): Wanted[] {
  const proofs = new Map(inclusions.map(proof => [`${proof.name}@${proof.version}`, proof]));
  const root = Buffer.from(head.root, 'base64');
  return packages.filter(wanted => {
    const proof = proofs.get(`${wanted.name}@${wanted.version}`);
    return proof === undefined || !stands(wanted, proof, { size: head.size, root });
  });
}

function stands(
  { name, version, integrity }: LoggedPackage,
  { publishedAt, nonce, index, path }: LogInclusion,
  tree: { size: number; root: Buffer },
): boolean {
  const leaf = logLeafHash({ name, version, integrity, publishedAt, nonce });
  return isIncluded({ ...tree, index, leaf, path: path.map(each => Buffer.from(each, 'base64')) });
}
