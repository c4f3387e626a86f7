import { PrompdError } from '../../core/errors.js';
import type { PackageName } from '../../core/name.js';
import type { Version } from '../../core/version.js';
import { type StepGroup, stepGroup, type VersionStep, versionStep } from '../../core/version-step.js';
import type { OutdatedPackage } from './outdated.js';
import type { PackageMove } from './package-moves.js';
import type { PromptChange } from './prompt-changes.js';

/** A dependency that can move. */
export interface UpdateChoice {
  /** The name that the project asks under. */
  readonly asked: PackageName;
  readonly name: PackageName;
  readonly from: Version;
  readonly to: Version;
  readonly step: VersionStep;
  /** What callers have to expect: the worse of what the version promises and what the contracts show. */
  readonly group: StepGroup;
  /** The prompts whose contracts change; undefined where that is not known, and the version alone speaks. */
  readonly prompts: readonly Pick<PromptChange, 'prompt' | 'level'>[] | undefined;
  readonly dev: boolean;
  /** The version that it would move from was withdrawn. */
  readonly yanked: boolean;
  readonly deprecated: string | undefined;
}

export interface Previewing {
  /** Whether the newest versions are offered, also outside the ranges. */
  readonly latest: boolean;
  /** Finds out what an update of these dependencies would change. @throws PrompdError where it cannot be made */
  readonly preview: (
    asked: readonly PackageName[],
  ) => Promise<{ readonly moved: readonly PackageMove[]; readonly prompts: readonly PromptChange[] }>;
  /** Hears why nothing could be found out: some of the updates may be possible all the same. */
  readonly unknown: (error: PrompdError) => void;
}

/** The dependencies that can move, with what that would mean for those who call their prompts. */
export async function updateChoices(
  found: readonly OutdatedPackage[],
  { latest, preview, unknown }: Previewing,
): Promise<UpdateChoice[]> {
  const moves = found.flatMap(item => moveOf(item, latest));
  if (moves.length === 0) return [];
  const seen = await preview(moves.map(({ asked }) => asked)).catch((error: unknown) => {
    if (!(error instanceof PrompdError)) throw error;
    unknown(error);
    return { moved: [], prompts: [] };
  });
  return moves.map(move => {
    const isSame = (change: Pick<PromptChange, 'from' | 'to'>) =>
      change.from === move.from && change.to === move.to;
    const isKnown = seen.moved.some(change => change.name === move.name && isSame(change));
    const changes = seen.prompts.filter(change => change.package === move.name && isSame(change));
    const prompts = isKnown ? changes : undefined;
    return { ...move, prompts, group: groupOf(move.step, prompts ?? []) };
  });
}

function moveOf(found: OutdatedPackage, latest: boolean): Omit<UpdateChoice, 'group' | 'prompts'>[] {
  const { asked, name, current: from, kind, yanked, deprecated } = found;
  const to = latest ? found.latest : found.wanted;
  if (from === undefined || to === undefined || to === from) return [];
  return [{ asked, name, from, to, step: versionStep(from, to), dev: kind === 'dev', yanked, deprecated }];
}

/** A prompt that can be read on one side only may be another one now: that counts as the worst. */
function groupOf(step: VersionStep, prompts: NonNullable<UpdateChoice['prompts']>): StepGroup {
  const promised = stepGroup(step);
  if (promised === 'breaking' || prompts.some(isBreaking)) return 'breaking';
  return prompts.some(({ level }) => level === 'minor') ? 'minor' : promised;
}

/** Whether callers of a prompt may have to change. */
export function isBreaking({ level }: Pick<PromptChange, 'level'>): boolean {
  return level === undefined || level === 'breaking';
}
