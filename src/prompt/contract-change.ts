import { compareText } from '../core/package-key.js';

/** What a change asks of whoever calls a prompt. */
export type ChangeLevel = 'breaking' | 'minor' | 'patch';

export type ChangeKind =
  | 'prompt-removed'
  | 'prompt-added'
  | 'main-changed'
  | 'section-removed'
  | 'section-added'
  | 'parameter-removed'
  | 'parameter-added'
  | 'required'
  | 'optional'
  | 'default-removed'
  | 'default-added'
  | 'default-changed'
  | 'type'
  | 'enum'
  | 'pattern'
  | 'min'
  | 'max'
  | 'minLength'
  | 'maxLength'
  | 'minItems'
  | 'maxItems'
  | 'items'
  | 'property-removed'
  | 'property-added'
  | 'documentation'
  | 'text'
  | 'settings';

/** One difference between two versions of a package, as callers of its prompts meet it. */
export interface ContractChange {
  readonly kind: ChangeKind;
  readonly level: ChangeLevel;
  /** Id of the prompt; absent for what concerns the package, as the prompt that is meant when none is named. */
  readonly prompt?: string;
  /** The parameter and the place inside its value: `tone`, `files[].name`. Absent for what is no parameter. */
  readonly path?: string;
  /** JSON values of what changed: a rule, a default, a section's id; absent where there was or is none. */
  readonly before?: unknown;
  readonly after?: unknown;
  /** The change as a sentence. */
  readonly message: string;
}

const RANK: Readonly<Record<ChangeLevel, number>> = { breaking: 0, minor: 1, patch: 2 };

/** The level of all changes together; undefined when there are none. */
export function levelOf(changes: readonly Pick<ContractChange, 'level'>[]): ChangeLevel | undefined {
  return changes.map(({ level }) => level).sort((a, b) => RANK[a] - RANK[b])[0];
}

/** Orders changes by level, worst first, then by prompt and place. */
export function byLevel(a: ContractChange, b: ContractChange): number {
  return (
    RANK[a.level] - RANK[b.level] ||
    compareText(a.prompt ?? '', b.prompt ?? '') ||
    compareText(a.path ?? '', b.path ?? '') ||
    compareText(a.kind, b.kind) ||
    compareText(a.message, b.message)
  );
}
