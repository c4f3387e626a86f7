import path from 'node:path';
import { PrompdError } from '../../core/errors.js';
import { formatJson } from '../../core/json.js';
import { MANIFEST_FILE, type PackageManifest, readPackageManifest } from '../../core/manifest.js';
import type { PackageName } from '../../core/name.js';
import { hasErrors, type Problem } from '../../core/problem.js';
import { isVersion, type Version } from '../../core/version.js';
import { type Note, uniqueId, unreadable } from '../../interchange/index.js';
import { memoryTree, packTree } from '../../tarball/index.js';
import { commonFolder, dependenciesOf } from '../prompts/loose-prompt.js';
import { checkPackage } from '../registry/check-package.js';
import type { ConvertedPrompt } from './import-prompts.js';

/** A prompt of the new package. */
export interface ImportedPrompt {
  readonly id: string;
  /** Inside the package. */
  readonly path: string;
  /** What it was made of. */
  readonly source: string;
  readonly format: string;
  readonly parameters: readonly string[];
}

export interface ImportedPackage {
  readonly manifest: PackageManifest;
  readonly prompts: readonly ImportedPrompt[];
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly problems: readonly Problem[];
}

export interface ImportedPackageOptions {
  readonly name: PackageName;
  readonly version: Version | undefined;
  readonly note: (note: Note) => void;
}

/**
 * Puts prompts together to a package and checks it as publishing does.
 * @throws PrompdError EIMPORT naming the file that has problems; EMANIFEST, EPACK
 */
export async function importedPackage(
  converted: readonly ConvertedPrompt[],
  options: ImportedPackageOptions,
): Promise<ImportedPackage> {
  const { files, prompts, owners } = placed(converted);
  const text = formatJson(manifestOf(converted, prompts, options));
  const manifest = readPackageManifest(text, MANIFEST_FILE);
  files.set(MANIFEST_FILE, Buffer.from(text));
  if (![...files.keys()].some(file => /^readme(?:\.|$)/i.test(file))) {
    files.set('README.md', Buffer.from(readme(manifest, prompts)));
  }
  const tree = memoryTree(files);
  const problems = await checkPackage(tree, manifest);
  if (hasErrors(problems)) throw cannotBeImported(problems, owners);
  await packTree(tree, manifest);
  return { manifest, prompts, files, problems };
}

interface Placed {
  readonly files: Map<string, Uint8Array>;
  readonly prompts: ImportedPrompt[];
  /** The source of each file. */
  readonly owners: Map<string, string>;
}

/** Gives every file its place: prompts in `prompts/`, a skill with files beside it in a folder of its own. */
function placed(converted: readonly ConvertedPrompt[]): Placed {
  const result: Placed = { files: new Map(), prompts: [], owners: new Map() };
  const inPlace = converted.filter(prompt => prompt.inPlace).flatMap(prompt => [...prompt.files.keys()]);
  const common = commonFolder(inPlace.map(posix));
  const taken = new Set<string>();
  for (const { id, source, format, parameters, main, files, inPlace: copied } of converted) {
    const folder = copied ? 'prompts/' : files.size > 1 ? `skills/${id}/` : 'prompts/';
    const target = (file: string) =>
      copied ? `prompts/${posix(file).slice(common.length)}` : `${folder}${file}`;
    let place = target(main);
    if (!copied && result.files.has(place))
      place = `${folder}${uniqueId(id, new Set([...taken, id]))}.prompd`;
    taken.add(id);
    for (const [file, bytes] of files) {
      const inside = file === main ? place : target(file);
      result.files.set(inside, bytes);
      result.owners.set(inside, source);
    }
    result.prompts.push({ id, path: place, source, format, parameters });
  }
  return result;
}

function manifestOf(
  converted: readonly ConvertedPrompt[],
  prompts: readonly ImportedPrompt[],
  { name, version, note }: ImportedPackageOptions,
): Record<string, unknown> {
  const single = converted.length === 1 ? converted[0]?.about : undefined;
  const references = converted.flatMap(prompt => prompt.references);
  const tags = [...new Set(converted.flatMap(({ about }) => about.tags))]
    .filter(tag => tag.length <= 60)
    .slice(0, 50);
  const own = single?.version !== undefined && isVersion(single.version) ? single.version : undefined;
  const hasOwn = version !== undefined || own !== undefined;
  for (const { about, source } of converted) {
    if (about.version === undefined || isVersion(about.version)) continue;
    const instead = single && !hasOwn ? 'the package is 0.1.0' : 'it is left out';
    note({
      file: source,
      what: `version "${about.version}"`,
      why: `It is no semantic version; ${instead}.`,
    });
  }
  const author = same(converted.map(({ about }) => about.author));
  return {
    name,
    version: version ?? own ?? '0.1.0',
    description: single?.description ?? `Prompts of ${name}`,
    ...(author === undefined ? {} : { author }),
    license: licenseOf(converted, note),
    ...(tags.length === 0 ? {} : { keywords: tags }),
    ...(prompts.length === 1 ? { main: prompts[0]?.id } : {}),
    prompts: Object.fromEntries(prompts.map(({ id, path: file }) => [id, file])),
    ...(references.length === 0 ? {} : { dependencies: dependenciesOf(references) }),
  };
}

/** The licence that all prompts have; without one, nothing is given away. */
function licenseOf(converted: readonly ConvertedPrompt[], note: (note: Note) => void): string {
  const given = converted.filter(({ about }) => about.license !== undefined);
  const shared = same(converted.map(({ about }) => about.license));
  const isExpression =
    shared !== undefined && /^[A-Za-z0-9.+-]+(?: (?:AND|OR|WITH) [A-Za-z0-9.+-]+)*$/.test(shared);
  if (isExpression) return shared;
  for (const { source, about } of given) {
    note({
      file: source,
      what: `license "${(about.license ?? '').slice(0, 80)}"`,
      why: 'The package has one licence for all its prompts, as an SPDX expression; it is UNLICENSED.',
      hint: 'Set "license" in prompd.json.',
    });
  }
  return 'UNLICENSED';
}

function same(values: readonly (string | undefined)[]): string | undefined {
  const [first] = values;
  return values.every(value => value === first) ? first : undefined;
}

function readme({ name, description = '' }: PackageManifest, prompts: readonly ImportedPrompt[]): string {
  const rows = prompts.map(
    ({ id, path: file, parameters }) => `| \`${id}\` | \`${file}\` | ${parameters.join(', ')} |`,
  );
  const about = description.replace(/[<>]/g, '');
  return [
    `# ${name}`,
    '',
    about,
    '',
    '| prompt | file | parameters |',
    '| --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

/** The error for the first file that has problems, in the words of its source. */
function cannotBeImported(problems: readonly Problem[], owners: ReadonlyMap<string, string>): PrompdError {
  const errors = problems.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  const source = owners.get(first?.file ?? '') ?? first?.file ?? MANIFEST_FILE;
  const error = unreadable(source, first?.message ?? 'the package it makes is not valid', first?.hint);
  return new PrompdError('EIMPORT', error.message, {
    facts: {
      file: source,
      problems: errors
        .slice(0, 20)
        .map(
          ({ file, line, column, code, message }) =>
            `${owners.get(file) ?? file} (${file}:${line ?? 1}:${column ?? 1}) ${code} ${message}`,
        ),
    },
    hint: error.hint,
  });
}

function posix(file: string): string {
  return file.split(path.sep).join('/');
}
