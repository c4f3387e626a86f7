import { type CompletionItem, CompletionItemKind, type Position } from 'vscode-languageserver';
import {
  FILTER_NAMES,
  type FieldTable,
  FRONT_MATTER_FIELDS,
  PARAMETER_FIELDS,
  PARAMETER_TYPES,
  ROLES,
  RULE_FIELDS,
  TEST_NAMES,
} from '../prompt/index.js';
import { type FrontMatterPlace, frontMatterPlace } from './front-matter-place.js';
import { parameterText } from './parameter-text.js';
import {
  type PromptView,
  type VisibleParameter,
  viewWhileTyping,
  visibleInputs,
  visibleParameters,
} from './prompt-view.js';
import { referenceCompletion } from './reference-completion.js';
import { boundNames, type TagPlace, tagAt } from './template-place.js';
import type { Workspace } from './workspace.js';

/** What can be written at a place of a prompt. @param path absolute; @param text as the editor has it */
export async function promptCompletion(
  workspace: Workspace,
  path: string,
  { text, position }: { text: string; position: Position },
): Promise<CompletionItem[]> {
  const view = await viewWhileTyping(workspace, path, { text, position });
  if (!view) return [];
  const offset = view.sheet.offsetOf(position);
  const tag = tagAt(view.sheet.text, offset);
  if (tag) return inTag(view, tag, offset);
  const place = frontMatterPlace(view.sheet, offset);
  if (place) return inFrontMatter(workspace, { view, place, offset });
  return atHeading(view, offset);
}

const STATEMENTS = [
  ...[
    'if',
    'elif',
    'else',
    'endif',
    'for',
    'endfor',
    'set',
    'endset',
    'macro',
    'endmacro',
    'call',
    'endcall',
  ],
  ...['filter', 'endfilter', 'raw', 'endraw', 'with', 'endwith'],
];
const LOOP_FIELDS = [
  'index',
  'index0',
  'revindex',
  'revindex0',
  'first',
  'last',
  'length',
  'previtem',
  'nextitem',
];
const WORDS = ['true', 'false', 'none', 'and', 'or', 'not', 'in', 'is', 'if', 'else'];

function inTag(view: PromptView, { before, kind }: TagPlace, offset: number): CompletionItem[] {
  if (/\|\s*\w*$/.test(before)) return plain([...FILTER_NAMES], CompletionItemKind.Function, 'filter');
  if (kind === 'statement' && /^\s*\w*$/.test(before)) return plain(STATEMENTS, CompletionItemKind.Keyword);
  if (/\bis\s+(?:not\s+)?\w*$/.test(before))
    return plain([...TEST_NAMES], CompletionItemKind.Function, 'test');
  if (/^\s*for\s+[\w\s,]*$/.test(before) && !/\bin\s+\w*$/.test(before)) {
    return /^\s*for\s+[\w\s,]+\s\w*$/.test(before) ? plain(['in'], CompletionItemKind.Keyword) : [];
  }
  const member = /([A-Za-z_]\w*)\.(\w*)$/.exec(before);
  if (member) return members(view, member[1] ?? '');
  if (/["'][^"']*$/.test(before) && (before.match(/["']/g)?.length ?? 0) % 2 === 1) return [];
  const names = visibleParameters(view).map(parameterItem);
  const inputs = Object.keys(visibleInputs(view)).length > 0 ? ['inputs'] : [];
  const bound = boundNames(view.sheet.text, offset);
  const words = kind === 'single' ? [] : WORDS;
  return [
    ...names,
    ...plain(inputs, CompletionItemKind.Module),
    ...plain(bound, CompletionItemKind.Variable),
    ...plain(words, CompletionItemKind.Keyword),
  ];
}

function members(view: PromptView, owner: string): CompletionItem[] {
  if (owner === 'inputs') return plain(Object.keys(visibleInputs(view)), CompletionItemKind.Field);
  if (owner === 'loop') return plain(LOOP_FIELDS, CompletionItemKind.Field);
  const parameter = visibleParameters(view).find(({ definition }) => definition.name === owner);
  return Object.entries(parameter?.definition.properties ?? {}).map(([label, rules]) => ({
    label,
    kind: CompletionItemKind.Field,
    detail: rules.type,
  }));
}

function parameterItem({ definition }: VisibleParameter): CompletionItem {
  const { name, type, required } = definition;
  return {
    label: name,
    kind: CompletionItemKind.Variable,
    detail: required ? `${type}, required` : type,
    documentation: { kind: 'markdown', value: parameterText(definition) },
    sortText: `0${name}`,
  };
}

async function inFrontMatter(
  workspace: Workspace,
  { view, place, offset }: { view: PromptView; place: FrontMatterPlace; offset: number },
): Promise<CompletionItem[]> {
  const { path, key } = place;
  const owner = path.join(' ');
  const range = view.sheet.rangeOf(place.start, offset);
  const keys = (table: FieldTable) => keyItems(table, view, { place, range });
  if (key === undefined) {
    if (path.length === 0) return keys(FRONT_MATTER_FIELDS);
    if (owner === 'parameters -') return keys(PARAMETER_FIELDS);
    if (/^parameters - (?:.* )?(?:items|properties \S+)$/.test(owner)) return keys(RULE_FIELDS);
    if (owner === 'using -') return keys({ name: 'The package.', prefix: 'What stands for it.' });
    if (owner === 'override') {
      const ids = view.parent?.sections.map(({ id }) => id) ?? [];
      return keys(Object.fromEntries(ids.map(id => [id, 'A section of the prompt that is inherited from.'])));
    }
    if (path.length === 2 && path[1] === '-')
      return valueItems(workspace, { view, field: path[0] ?? '', range, place });
    return [];
  }
  if (owner.startsWith('parameters')) {
    const words =
      key === 'type' || key === 'items' ? PARAMETER_TYPES : key === 'required' ? ['true', 'false'] : [];
    return plain([...words], CompletionItemKind.EnumMember).map(item => ({
      ...item,
      textEdit: { range, newText: item.label },
    }));
  }
  const field = owner === 'override' ? 'override' : owner === 'using -' && key === 'name' ? 'using' : key;
  return path.length === 0 || owner === 'override' || owner === 'using -'
    ? valueItems(workspace, { view, field, range, place })
    : [];
}

type EditRange = ReturnType<PromptView['sheet']['rangeOf']>;

async function valueItems(
  workspace: Workspace,
  {
    view,
    field,
    range,
    place,
  }: { view: PromptView; field: string; range: EditRange; place: FrontMatterPlace },
): Promise<CompletionItem[]> {
  const items = await referenceCompletion(workspace, { view, field, typed: place.typed });
  const isRole = ROLES.some(role => role === field);
  const sections = isRole ? (view.sheet.parts.sections ?? []) : [];
  return [
    ...items,
    ...sections.map(({ id }) => ({ label: `#${id}`, kind: CompletionItemKind.Reference, detail: 'section' })),
    ...(field === 'override'
      ? [{ label: 'null', kind: CompletionItemKind.Constant, detail: 'no such section' }]
      : []),
  ].map(item => {
    // YAML takes what begins like this for something else.
    const quotes = !place.quoted && /^[@#]/.test(item.label) ? '"' : '';
    return { ...item, textEdit: { range, newText: `${quotes}${item.label}${quotes}` } };
  });
}

function keyItems(
  table: FieldTable,
  view: PromptView,
  { place, range }: { place: FrontMatterPlace; range: EditRange },
): CompletionItem[] {
  const present = place.path.length === 0 ? presentKeys(view) : new Set<string>();
  present.delete(place.typed);
  return Object.entries(table)
    .filter(([name]) => !present.has(name))
    .map(([label, documentation], index) => ({
      label,
      kind: CompletionItemKind.Property,
      documentation,
      sortText: String(index).padStart(3, '0'),
      textEdit: { range, newText: `${label}: ` },
    }));
}

function presentKeys({ sheet }: PromptView): Set<string> {
  const { block } = sheet.parts;
  const yaml = block ? sheet.text.slice(block.yamlStart, block.yamlEnd) : '';
  return new Set([...yaml.matchAll(/^([\w-]+):/gm)].map(([, key = '']) => key));
}

/** Sections can be opened where a line begins with `#`: messages, and what the parent has. */
function atHeading({ sheet, parent }: PromptView, offset: number): CompletionItem[] {
  const line = sheet.text.slice(sheet.text.lastIndexOf('\n', offset - 1) + 1, offset);
  if (!/^#\s+[\w -]*$/.test(line)) return [];
  const typed = line.replace(/^#\s+/, '');
  const range = sheet.rangeOf(offset - typed.length, offset);
  const titles = ROLES.map(role => role[0]?.toUpperCase() + role.slice(1));
  const inherited = (parent?.sections ?? []).filter(({ role }) => role === undefined);
  const item = (label: string, detail: string): CompletionItem => ({
    label,
    kind: CompletionItemKind.Reference,
    detail,
    textEdit: { range, newText: label },
  });
  return [
    ...titles.map(title => item(title, 'message')),
    ...inherited.map(({ id, heading }) => {
      const written = heading?.text
        .replace(/^#+\s*/, '')
        .split('\n')[0]
        ?.trim();
      return item(written || id, `replaces the section "${id}"`);
    }),
  ];
}

function plain(labels: readonly string[], kind: CompletionItemKind, detail?: string): CompletionItem[] {
  return labels.map(label => ({
    label,
    kind,
    sortText: `1${label}`,
    ...(detail === undefined ? {} : { detail }),
  }));
}
