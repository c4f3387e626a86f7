import type { PackageManifest } from '../core/manifest.js';
import { compareText } from '../core/package-key.js';

/** One member of prompd.json that differs. */
export interface ManifestChange {
  /** `license`, `dependencies.@acme/tone`, `models.openai/gpt-5`. */
  readonly field: string;
  /** JSON values; absent where there is none. */
  readonly before?: unknown;
  readonly after?: unknown;
}

/** Fields that are shown member by member. */
const MAPS = ['dependencies', 'devDependencies', 'overrides', 'prompts', 'engines'] as const;

/** What differs between two manifests, besides name and version, by field. */
export function diffManifests(before: PackageManifest, after: PackageManifest): ManifestChange[] {
  const [old, now] = [membersOf(before), membersOf(after)];
  return [...new Set([...old.keys(), ...now.keys()])].sort(compareText).flatMap(field => {
    const [was, is] = [old.get(field), now.get(field)];
    if (JSON.stringify(was) === JSON.stringify(is)) return [];
    return [
      { field, ...(was === undefined ? {} : { before: was }), ...(is === undefined ? {} : { after: is }) },
    ];
  });
}

function membersOf(manifest: PackageManifest): Map<string, unknown> {
  const { name: _name, version: _version, $schema: _schema, models = [], ...rest } = manifest;
  const members = new Map<string, unknown>();
  for (const [field, value] of Object.entries(rest)) {
    const map = MAPS.find(known => known === field);
    if (!map) members.set(field, value);
    else
      for (const [key, member] of Object.entries(manifest[map] ?? {})) members.set(`${field}.${key}`, member);
  }
  for (const entry of models) {
    const name =
      'family' in entry
        ? `${entry.provider ?? '*'}/family ${entry.family}`
        : `${entry.provider}/${entry.model}`;
    members.set(`models.${name}`, entry.prompts ?? {});
  }
  return members;
}
