import { byLevel, type ContractChange } from './contract-change.js';
import type { PackageContracts, PromptSurface } from './package-contracts.js';
import type { ParameterDefinition } from './parameter-type.js';
import { compareRules } from './rules-diff.js';
import { describe } from './yaml-fields.js';

/**
 * How the contracts of a package changed from one version to another. `docs/contracts.md` has the rules as a table.
 * The order of prompts, parameters, sections and choices says nothing. A prompt that cannot be loaded on one of the two
 * sides is passed over where the other has it; `uncompared` lists such prompts.
 * @returns changes, breaking ones first; empty when nothing changed
 */
export function compareContracts(before: PackageContracts, after: PackageContracts): ContractChange[] {
  const changes: ContractChange[] = [];
  for (const [id, old] of before.prompts) {
    const now = after.prompts.get(id);
    if (now) changes.push(...comparePrompts(old, now).map(change => ({ ...change, prompt: id })));
    else if (!after.unreadable.has(id)) changes.push(promptRemoved(id));
  }
  for (const id of before.unreadable.keys()) {
    if (!after.prompts.has(id) && !after.unreadable.has(id)) changes.push(promptRemoved(id));
  }
  for (const id of after.prompts.keys()) {
    if (before.prompts.has(id) || before.unreadable.has(id)) continue;
    const message = `The prompt "${id}" is new.`;
    changes.push({ kind: 'prompt-added', level: 'minor', prompt: id, after: id, message });
  }
  changes.push(...mainChange(before, after));
  return changes.sort(byLevel);
}

/** A prompt that could not be compared, and why. */
export interface UncomparedPrompt {
  readonly prompt: string;
  readonly side: 'before' | 'after';
  readonly reason: string;
}

/** The prompts that both versions have and that cannot be loaded in one of them. */
export function uncompared(before: PackageContracts, after: PackageContracts): UncomparedPrompt[] {
  const has = (side: PackageContracts, id: string) => side.prompts.has(id) || side.unreadable.has(id);
  return [
    ...[...before.unreadable]
      .filter(([id]) => has(after, id))
      .map(([prompt, reason]): UncomparedPrompt => ({ prompt, side: 'before', reason })),
    ...[...after.unreadable]
      .filter(([id]) => has(before, id))
      .map(([prompt, reason]): UncomparedPrompt => ({ prompt, side: 'after', reason })),
  ];
}

/** How one prompt changed; the changes do not name it. */
export function comparePrompts(before: PromptSurface, after: PromptSurface): ContractChange[] {
  return [
    ...parameterChanges(before.parameters, after.parameters),
    ...sectionChanges(before.sections, after.sections),
    ...(before.text === after.text ? [] : [plain('text', 'The text is another one.')]),
    ...(before.settings === after.settings
      ? []
      : [plain('settings', 'The model or its settings in the front matter are other ones.')]),
  ];
}

function plain(kind: 'text' | 'settings', message: string): ContractChange {
  return { kind, level: 'patch', message };
}

function promptRemoved(id: string): ContractChange {
  const message = `The prompt "${id}" was removed.`;
  return { kind: 'prompt-removed', level: 'breaking', prompt: id, before: id, message };
}

/** A reference that names no prompt means the main one, or the only one. */
function mainChange(before: PackageContracts, after: PackageContracts): ContractChange[] {
  const [old, now] = [before.main, after.main];
  if (old === now) return [];
  if (old === undefined) {
    const message = `A reference that names no prompt means "${now}" now.`;
    return [{ kind: 'main-changed', level: 'minor', after: now, message }];
  }
  if (!after.prompts.has(old) && !after.unreadable.has(old)) return [];
  const means = now === undefined ? 'none any more: "main" names none of several' : `"${now}"`;
  const message = `A reference that names no prompt meant "${old}", and means ${means}.`;
  return [
    {
      kind: 'main-changed',
      level: 'breaking',
      before: old,
      ...(now === undefined ? {} : { after: now }),
      message,
    },
  ];
}

function sectionChanges(before: readonly string[], after: readonly string[]): ContractChange[] {
  return [
    ...without(before, after).map((id): ContractChange => {
      const message = `The section "${id}" was removed.`;
      return { kind: 'section-removed', level: 'breaking', before: id, message };
    }),
    ...without(after, before).map((id): ContractChange => {
      const message = `The section "${id}" is new.`;
      return { kind: 'section-added', level: 'minor', after: id, message };
    }),
  ];
}

function without(all: readonly string[], taken: readonly string[]): string[] {
  const known = new Set(taken);
  return all.filter(id => !known.has(id));
}

function parameterChanges(
  before: readonly ParameterDefinition[],
  after: readonly ParameterDefinition[],
): ContractChange[] {
  const old = new Map(before.map(definition => [definition.name, definition]));
  const now = new Map(after.map(definition => [definition.name, definition]));
  return [
    ...[...old].flatMap(([name, definition]) => {
      const other = now.get(name);
      return other ? definitionChanges(definition, other) : [parameterRemoved(definition)];
    }),
    ...[...now].flatMap(([name, definition]) => (old.has(name) ? [] : [parameterAdded(definition)])),
  ];
}

function parameterRemoved({ name, type }: ParameterDefinition): ContractChange {
  const message = `The parameter "${name}" was removed.`;
  return { kind: 'parameter-removed', level: 'breaking', path: name, before: type, message };
}

function parameterAdded(definition: ParameterDefinition): ContractChange {
  const { name, type } = definition;
  const needed = isNeeded(definition);
  return {
    kind: 'parameter-added',
    level: needed ? 'breaking' : 'minor',
    path: name,
    after: type,
    message: `The ${needed ? 'required' : 'optional'} parameter "${name}" (${type}) is new.`,
  };
}

function definitionChanges(before: ParameterDefinition, after: ParameterDefinition): ContractChange[] {
  const { name } = before;
  return [
    ...needChanges(before, after),
    ...compareRules(before, after).map(({ path, what, textual: _textual, ...change }) => ({
      ...change,
      path: `${name}${path}`,
      message: `${subject(`${name}${path}`)} ${what}.`,
    })),
    ...documentationChanges(before, after),
  ];
}

/** Whether a value must be given, and what there is when none is. */
function needChanges(before: ParameterDefinition, after: ParameterDefinition): ContractChange[] {
  const { name: path } = before;
  const [old, now] = [before.default, after.default];
  const [needed, needs] = [isNeeded(before), isNeeded(after)];
  const defaults = {
    path,
    ...(old === undefined ? {} : { before: old }),
    ...(now === undefined ? {} : { after: now }),
  };
  if (needs) {
    if (needed) return [];
    const message = `${subject(path)} is required now${old === undefined ? '' : ' and has no default any more'}.`;
    return [{ kind: 'required', level: 'breaking', path, before: false, after: true, message }];
  }
  if (needed) {
    const message = `${subject(path)} is optional now${now === undefined ? '' : `, with the default ${describe(now)}`}.`;
    return [{ kind: 'optional', level: 'minor', path, before: true, after: false, message }];
  }
  if (old !== undefined && now === undefined) {
    const message = `${subject(path)} has no value any more when none is given: its default ${describe(old)} is gone.`;
    return [{ kind: 'default-removed', level: 'breaking', ...defaults, message }];
  }
  if (JSON.stringify(old) === JSON.stringify(now)) return [];
  return old === undefined
    ? [
        {
          kind: 'default-added',
          level: 'minor',
          ...defaults,
          message: `${subject(path)} has the default ${describe(now)} now.`,
        },
      ]
    : [
        {
          kind: 'default-changed',
          level: 'minor',
          ...defaults,
          message: `${subject(path)} has the default ${describe(now)} instead of ${describe(old)}.`,
        },
      ];
}

const DOCUMENTATION = [
  ['description', 'description'],
  ['example', 'example'],
  ['errorMessage', 'error_message'],
] as const;

function documentationChanges(before: ParameterDefinition, after: ParameterDefinition): ContractChange[] {
  return DOCUMENTATION.flatMap(([member, field]): ContractChange[] => {
    const [old, now] = [before[member], after[member]];
    if (JSON.stringify(old) === JSON.stringify(now)) return [];
    return [
      {
        kind: 'documentation',
        level: 'patch',
        path: before.name,
        ...(old === undefined ? {} : { before: old }),
        ...(now === undefined ? {} : { after: now }),
        message: `${subject(before.name)} has another ${field}.`,
      },
    ];
  });
}

function isNeeded({ required, default: fallback }: ParameterDefinition): boolean {
  return required && fallback === undefined;
}

function subject(path: string): string {
  return /[.[]/.test(path) ? `"${path}"` : `The parameter "${path}"`;
}
