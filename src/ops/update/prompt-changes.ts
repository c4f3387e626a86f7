import { PrompdError } from '../../core/errors.js';
import type { PackageName } from '../../core/name.js';
import { compareText, type PackageKey } from '../../core/package-key.js';
import type { Version } from '../../core/version.js';
import type { LockedPackage, Lockfile } from '../../lockfile/index.js';
import {
  type ChangeLevel,
  type ContractChange,
  compareContracts,
  levelOf,
  type PackageContracts,
  readPackageContracts,
} from '../../prompt/index.js';
import type { Store } from '../../store/index.js';
import { openInstalled } from '../project/project.js';
import { installedPackage } from '../prompts/prompt-packages.js';
import type { PackageMove } from './package-moves.js';

/** A prompt whose callers may have to change, or can do more than before. */
export interface PromptChange {
  readonly package: PackageName;
  readonly from: Version;
  /** The same as `from` where only what the prompt inherits moved, and where a folder or address has other content. */
  readonly to: Version;
  /** Undefined for what a reference means that names no prompt. */
  readonly prompt: string | undefined;
  readonly change: 'added' | 'removed' | 'changed';
  /** Undefined where the prompt cannot be read on both sides: then only its digest says that it changed. */
  readonly level: ChangeLevel | undefined;
  /** What changed, as sentences, the worst first. */
  readonly details: readonly string[];
  /** Whether the project itself asks for the package. */
  readonly direct: boolean;
  /** The package stayed what it was: only what the prompt inherits moved. */
  readonly inherited: boolean;
}

/** A lockfile, and a store that holds its packages. */
export interface LockedState {
  readonly lockfile: Lockfile;
  readonly store: Pick<Store, 'home' | 'locate' | 'tree'>;
}

/**
 * What an update means for those who call prompts: of packages that moved, and of packages that stayed and inherit from
 * one that moved. Changes of mere text are left out. The project's own dependencies come first, then it goes by package
 * and prompt.
 * @param before packages that the store has lost are compared by the digests of the lockfile
 */
export async function promptChanges(
  before: LockedState | undefined,
  after: LockedState,
  moved: readonly PackageMove[],
): Promise<PromptChange[]> {
  if (!before) return [];
  const own = new Set(after.lockfile.root.edges.values());
  const found: PromptChange[] = [];
  for (const pair of pairsOf(before.lockfile, after.lockfile, moved)) {
    const changes = await changesOf(pair, before, after);
    const { name, version } = pair.to;
    const about = {
      package: name,
      from: pair.from.version,
      to: version,
      direct: own.has(pair.toKey),
      inherited: pair.from.integrity === pair.to.integrity,
    };
    found.push(...changes.map(change => ({ ...about, ...change })));
  }
  return found.sort(
    (a, b) =>
      Number(b.direct) - Number(a.direct) ||
      compareText(a.package, b.package) ||
      compareText(a.from, b.from) ||
      compareText(a.prompt ?? '', b.prompt ?? ''),
  );
}

interface Pair {
  readonly fromKey: PackageKey;
  readonly from: LockedPackage;
  readonly toKey: PackageKey;
  readonly to: LockedPackage;
}

function pairsOf(before: Lockfile, after: Lockfile, moved: readonly PackageMove[]): Pair[] {
  const changed = new Set(moved.map(({ fromKey }) => fromKey));
  const keys = [
    ...moved.map(({ fromKey, toKey }) => [fromKey, toKey] as const),
    ...[...before.packages.keys()].filter(key => !changed.has(key)).map(key => [key, key] as const),
  ];
  return keys.flatMap(([fromKey, toKey]) => {
    const from = before.packages.get(fromKey);
    const to = after.packages.get(toKey);
    const isOther = from && to && (changed.has(fromKey) || changedDigests(from, to).length > 0);
    return isOther ? { fromKey, from, toKey, to } : [];
  });
}

type Change = Pick<PromptChange, 'prompt' | 'change' | 'level' | 'details'>;

async function changesOf(
  { fromKey, from, toKey, to }: Pair,
  before: LockedState,
  after: LockedState,
): Promise<Change[]> {
  const digests = changedDigests(from, to);
  const [old, now] = [await contractsIn(before, fromKey), await contractsIn(after, toKey)];
  const compared = old && now ? compareContracts(old, now) : [];
  const prompts = new Set([...compared.map(({ prompt }) => prompt), ...digests]);
  return [...prompts].flatMap(prompt => {
    const own = compared.filter(change => change.prompt === prompt);
    const level = levelOf(own);
    const isSilent = level === undefined ? prompt === undefined : level === 'patch';
    if (isSilent && !(prompt !== undefined && digests.includes(prompt))) return [];
    const details = own.filter(change => change.level !== 'patch').map(({ message }) => message);
    return { prompt, change: kindOf(prompt, own, { from, to }), level, details };
  });
}

function kindOf(
  prompt: string | undefined,
  own: readonly ContractChange[],
  { from, to }: Pick<Pair, 'from' | 'to'>,
): Change['change'] {
  const has = (kind: ContractChange['kind']) => own.some(change => change.kind === kind);
  if (prompt === undefined) return 'changed';
  if (has('prompt-added') || (own.length === 0 && !from.prompts.has(prompt))) return 'added';
  return has('prompt-removed') || (own.length === 0 && !to.prompts.has(prompt)) ? 'removed' : 'changed';
}

/** The prompts of which the lockfiles have different digests. */
function changedDigests({ prompts: old }: LockedPackage, { prompts: now }: LockedPackage): string[] {
  return [...new Set([...old.keys(), ...now.keys()])].filter(id => old.get(id) !== now.get(id));
}

async function contractsIn(
  { lockfile, store }: LockedState,
  key: PackageKey,
): Promise<PackageContracts | undefined> {
  try {
    return await readPackageContracts(await installedPackage(await openInstalled(store, lockfile, key)));
  } catch (error) {
    if (error instanceof PrompdError && error.code === 'ENOTINSTALLED') return undefined;
    throw error;
  }
}
