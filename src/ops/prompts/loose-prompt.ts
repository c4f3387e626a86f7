import path from 'node:path';
import semver from 'semver';
import { PrompdError } from '../../core/errors.js';
import { formatJson } from '../../core/json.js';
import { MANIFEST_FILE, type PackageManifest, readPackageManifest } from '../../core/manifest.js';
import {
  isPromptPath,
  kebab,
  listReferences,
  type PromptDocument,
  type PromptReference,
  parsePrompt,
} from '../../prompt/index.js';
import { isNeverPacked, memoryTree, type PackedPackage, packTree } from '../../tarball/index.js';
import type { Context } from '../context.js';
import { folderReader, isInside, rootOf } from './prompt-files.js';

/** Files that one prompt may bring along. */
const MAX_FILES = 200;

/**
 * Makes a package of one prompt file: name, version and description from its front matter, the files it refers to
 * beside it, the packages it refers to as dependencies.
 * @param file absolute
 * @param scope `@scope` of the package's name
 * @throws PrompdError ENOFILE; EPROMPT with every problem when the file is no prompt; EUSAGE without a scope;
 *   EMANIFEST when its front matter does not make a manifest; EPACK
 */
export async function packLoosePrompt(
  { cwd }: Context,
  file: string,
  scope: string | undefined,
): Promise<PackedPackage> {
  const { dir } = await rootOf(file, cwd);
  const files = await collectPrompt(dir, path.relative(dir, file).split(path.sep).join('/'));
  const [[main, prompt] = []] = files.prompts;
  if (main === undefined || prompt === undefined)
    throw new TypeError('the prompt itself is always collected');
  const base = commonFolder([...files.contents.keys()]);
  const contents = [...files.contents].map(([name, bytes]) => [name.slice(base.length), bytes] as const);
  const manifest = manifestOf(prompt, {
    file: main,
    path: main.slice(base.length),
    scope,
    references: files.references,
  });
  return packTree(memoryTree(contents), manifest);
}

/** A prompt file with the files of its folder that it is made of. */
export interface CollectedPrompt {
  readonly contents: Map<string, Uint8Array>;
  readonly prompts: Map<string, PromptDocument>;
  readonly references: PromptReference[];
}

/**
 * The prompt and every file in its folder that it is made of, by path from `dir`.
 * @throws PrompdError ENOFILE, EPROMPT and other codes of the file's problems, EPACK
 */
export async function collectPrompt(dir: string, first: string): Promise<CollectedPrompt> {
  const read = folderReader(dir);
  const found: CollectedPrompt = { contents: new Map(), prompts: new Map(), references: [] };
  const waiting = [first];
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    if (found.contents.has(name)) continue;
    refuseNeverPacked(name);
    const bytes = await read(name);
    if (bytes === undefined) {
      if (name === first) throw notFound(path.join(dir, first));
      // What is missing is reported by the check of the package, with the place that names it.
      continue;
    }
    found.contents.set(name, bytes);
    if (found.contents.size > MAX_FILES) throw tooMany(first);
    if (isPromptPath(name)) waiting.push(...follow(name, bytes, found));
  }
  return found;
}

/** Notes what a prompt refers to, and gives back the files among it. */
function follow(name: string, bytes: Uint8Array, { prompts, references }: CollectedPrompt): string[] {
  const text = Buffer.from(bytes).toString('utf8');
  const { prompt, problems } = parsePrompt({ id: name, path: name, text });
  if (prompt === undefined) {
    const errors = problems.filter(({ severity }) => severity === 'error');
    throw new PrompdError(errors[0]?.code ?? 'EPROMPT', errors[0]?.message ?? `${name} is not a prompt.`, {
      facts: {
        file: name,
        problems: errors.map(({ line, column, message }) => `${line ?? 1}:${column ?? 1} ${message}`),
      },
      hint: errors[0]?.hint ?? `Run "prompd validate ${name}".`,
    });
  }
  prompts.set(name, prompt);
  const inner: string[] = [];
  for (const { target } of listReferences(prompt)) {
    if (target.kind === 'package') references.push(target.reference);
    else {
      const next = path.posix.join(path.posix.dirname(name), target.path);
      if (isInside('/', `/${next}`) && !next.startsWith('..')) inner.push(next);
    }
  }
  return inner;
}

interface ManifestParts {
  /** As the user knows it. */
  readonly file: string;
  /** Inside the package. */
  readonly path: string;
  readonly scope: string | undefined;
  readonly references: readonly PromptReference[];
}

function manifestOf({ frontMatter }: PromptDocument, parts: ManifestParts): PackageManifest {
  const { file, scope, references } = parts;
  const id = frontMatter.id ?? kebab(frontMatter.name ?? '');
  if (scope === undefined) {
    throw new PrompdError('EUSAGE', `${file} needs a scope to be published under.`, {
      facts: { file },
      hint: `Add "--scope @team" to publish it as "@team/${id}", or set "scope" in config.json in your prompd folder.`,
    });
  }
  if (frontMatter.version === undefined) {
    throw new PrompdError('EMANIFEST', `${file} has no version.`, {
      facts: { file },
      hint: 'Add one to its front matter, as in: version: "1.0.0".',
    });
  }
  const [category] = frontMatter.categories.filter(word => /^[a-z0-9-]{1,60}$/.test(word));
  const manifest = {
    name: `${scope.startsWith('@') ? scope : `@${scope}`}/${id}`,
    version: frontMatter.version,
    description: frontMatter.description,
    author: frontMatter.author,
    keywords: frontMatter.tags.length === 0 ? undefined : [...new Set(frontMatter.tags)].slice(0, 50),
    category,
    prompts: { [id]: parts.path },
    main: id,
    dependencies: references.length === 0 ? undefined : dependenciesOf(references),
  };
  return readPackageManifest(formatJson(manifest), `${file} (as ${MANIFEST_FILE})`);
}

/** Every range that is written for a package must hold; one that is named without a range may have any version. */
export function dependenciesOf(references: readonly PromptReference[]): Record<string, string> {
  const ranges = new Map<string, Set<string>>();
  for (const { name, range } of references) {
    const known = ranges.get(name) ?? new Set();
    if (range !== undefined) known.add(range);
    ranges.set(name, known);
  }
  return Object.fromEntries(
    [...ranges]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, known]) => {
        const all = [...known];
        const joined = all.every(range => semver.validRange(range) !== null) ? all.join(' ') : all[0];
        return [name, joined || '*'];
      }),
  );
}

/** The folder that all paths share, with its slash; '' when it is the root. */
export function commonFolder(paths: readonly string[]): string {
  const [first = ''] = paths;
  let folder = first.slice(0, first.lastIndexOf('/') + 1);
  while (!paths.every(other => other.startsWith(folder))) {
    folder = folder.slice(0, folder.slice(0, -1).lastIndexOf('/') + 1);
  }
  return folder;
}

function refuseNeverPacked(name: string): void {
  if (!isNeverPacked(name)) return;
  throw new PrompdError('EPACK', `The prompt refers to "${name}", which is never packed.`, {
    facts: { file: name },
    hint: 'Keys, credentials, installed packages and .env files stay out of every package.',
  });
}

function notFound(file: string): PrompdError {
  return new PrompdError('ENOFILE', `There is no file ${file}.`, { facts: { file } });
}

function tooMany(file: string): PrompdError {
  return new PrompdError('EPACK', `${file} is made of more than ${MAX_FILES} files.`, {
    facts: { file, limit: MAX_FILES },
    hint: 'Make a package of it with "prompd init".',
  });
}
