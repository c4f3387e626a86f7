import { applyEdits, type EditResult, type FormattingOptions, modify } from 'jsonc-parser';
import { formatJson, jsonFormatting } from '../../core/json.js';
import { compareText } from '../../core/package-key.js';
import type { RootRequirements } from '../../lockfile/index.js';

type DependencyField = 'dependencies' | 'devDependencies';

/** One change of a dependency map; a value of undefined takes the entry out. */
export interface ManifestEdit {
  readonly field: DependencyField;
  readonly name: string;
  readonly value: string | undefined;
}

/**
 * Changes dependencies in the text of a prompd.json and leaves every other byte of it alone: indent, order, line ends
 * and the last one. A new entry goes to its place in the alphabet when the map is in order, else to its end.
 * @param text undefined when there is no file yet
 */
export function editManifest(text: string | undefined, edits: readonly ManifestEdit[]): string {
  if (text === undefined) return formatJson(editObject(edits));
  const formattingOptions = jsonFormatting(text);
  return edits.reduce((edited, edit) => applyEdit(edited, edit, formattingOptions), text);
}

/** The requirements that a manifest has after the edits. */
export function editRequirements(root: RootRequirements, edits: readonly ManifestEdit[]): RootRequirements {
  const maps = { dependencies: { ...root.dependencies }, devDependencies: { ...root.devDependencies } };
  for (const { field, name, value } of edits) {
    if (value === undefined) delete maps[field][name];
    else maps[field][name] = value;
  }
  return { ...maps, overrides: root.overrides };
}

function editObject(edits: readonly ManifestEdit[]): object {
  const none = { dependencies: {}, devDependencies: {}, overrides: {} };
  const { dependencies, devDependencies } = editRequirements(none, edits);
  return {
    dependencies: sorted(dependencies),
    ...(Object.keys(devDependencies).length > 0 ? { devDependencies: sorted(devDependencies) } : {}),
  };
}

function applyEdit(
  text: string,
  { field, name, value }: ManifestEdit,
  formattingOptions: FormattingOptions,
): string {
  const map = mapOf(text, field);
  const names = Object.keys(map ?? {});
  // The editor would make the map, only to have nothing to remove from it.
  if (value === undefined && !names.includes(name)) return text;
  const edits: EditResult = modify(text, [field, name], value, {
    formattingOptions,
    getInsertionIndex: present =>
      map && isSorted(present) ? present.filter(key => key < name).length : present.length,
  });
  const edited = applyEdits(text, edits);
  return value === undefined && names.length === 1
    ? applyEdits(edited, modify(edited, [field], undefined, { formattingOptions }))
    : edited;
}

function mapOf(text: string, field: DependencyField): object | undefined {
  const manifest: unknown = JSON.parse(text.replace(/^\ufeff/, ''));
  if (typeof manifest !== 'object' || manifest === null) return undefined;
  const map: unknown = Reflect.get(manifest, field);
  return typeof map === 'object' && map !== null ? map : undefined;
}

function isSorted(names: readonly string[]): boolean {
  return names.every((name, at) => at === 0 || compareText(names[at - 1] ?? '', name) < 0);
}

function sorted(map: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => compareText(a, b)));
}
