import semver from 'semver';
import { PrompdError } from '../core/errors.js';
import type { ProjectManifest } from '../core/manifest.js';
import { suggest } from '../core/suggest.js';
import type { PromptFile, PromptResolver } from './prompt-file.js';
import type { PromptReference } from './prompt-reference.js';

/** A prompt and the files it is made of are texts for people: more than this is something else. */
const MAX_BYTES = 4 * 1024 * 1024;

/** A package, or the folder of a project, as prompts see it. */
export interface PromptPackage {
  /** Tells packages apart: `@acme/review@1.2.0`, or anything else for what is no package. */
  readonly id: string;
  readonly name?: string | undefined;
  readonly version?: string | undefined;
  /** Absolute path of its folder, where its files lie in one. */
  readonly dir?: string | undefined;
  /** What stands before a file's path in problems: '' for the package that is being worked on. */
  readonly label: string;
  /** Prompt id to path, as in the manifest. */
  readonly prompts: Readonly<Record<string, string>>;
  readonly main?: string | undefined;
  /** What the manifest asks of its dependencies: name to specifier. */
  readonly dependencies?: Readonly<Record<string, string>> | undefined;
  /** The models that the manifest names, each with the files that it is asked with instead. */
  readonly models?: ProjectManifest['models'];
  /** The bytes of a file, or undefined when there is none; gets only paths that stay inside the package. */
  read(path: string): Promise<Uint8Array | undefined>;
  /** The dependency of that name, as this package sees it; undefined when there is none or it is not known here. */
  dependency(name: string): Promise<PromptPackage | undefined>;
}

/**
 * The files of a package and of the packages that it depends on. Every path is resolved inside the package that names
 * it: nothing else is ever read.
 */
export class PackageFiles implements PromptResolver {
  private readonly origins = new Map<string, { readonly owner: PromptPackage; readonly path: string }>();

  /**
   * @param root the package that is worked on
   * @param onAbsent what to do about a dependency that is not there; by default an error
   */
  constructor(
    readonly root: PromptPackage,
    private readonly onAbsent: (from: PromptFile, reference: PromptReference) => PromptFile = notInstalled,
  ) {}

  /**
   * A file of a package, the root by default.
   * @throws PrompdError EPROMPT when it is not UTF-8 text without NUL, or larger than 4 MiB
   */
  async open(path: string, owner: PromptPackage = this.root): Promise<PromptFile | undefined> {
    const inner = insidePath('', path);
    const bytes = inner === undefined ? undefined : await owner.read(inner);
    if (inner === undefined || bytes === undefined) return undefined;
    const id = `${owner.id}/${inner}`;
    this.origins.set(id, { owner, path: inner });
    const shown = owner.label === '' ? inner : `${owner.label}/${inner}`;
    return { id, path: shown, text: decode(bytes, shown) };
  }

  async relative(from: PromptFile, path: string): Promise<PromptFile | undefined> {
    const origin = this.origin(from);
    const inner = insidePath(origin.path, path);
    return inner === undefined ? undefined : this.open(inner, origin.owner);
  }

  /** @throws PrompdError ENOTINSTALLED, ENOVERSION, ENOPROMPT, ENOFILE */
  async reference(from: PromptFile, reference: PromptReference): Promise<PromptFile> {
    const { owner } = this.origin(from);
    const target = owner.name === reference.name ? owner : await owner.dependency(reference.name);
    if (!target) return this.onAbsent(from, reference);
    if (!admits(reference.range, target.version)) throw otherVersion(reference, target);
    const path = reference.path ?? promptPath(target, reference.prompt);
    if (path === undefined) throw noPrompt(target, reference.prompt);
    const file = await this.open(path, target);
    if (!file) throw noFile(target, path);
    return file;
  }

  /** The absolute path of a file that was opened here; undefined where its package is no folder. */
  placeOf(file: PromptFile): string | undefined {
    const origin = this.origins.get(file.id);
    return origin?.owner.dir === undefined ? undefined : `${origin.owner.dir}/${origin.path}`;
  }

  private origin(file: PromptFile): { readonly owner: PromptPackage; readonly path: string } {
    const origin = this.origins.get(file.id);
    if (!origin) throw new TypeError(`"${file.id}" was not opened here`);
    return origin;
  }
}

/**
 * The path of a prompt of a package.
 * @param id undefined means the main prompt, or the only one
 */
export function promptPath(owner: NamedPrompts, id: string | undefined): string | undefined {
  const { prompts } = owner;
  const wanted = promptId(owner, id);
  return wanted !== undefined && Object.hasOwn(prompts, wanted) ? prompts[wanted] : undefined;
}

/** The id that is meant, as for `promptPath`; the package need not have it. */
export function promptId({ prompts, main }: NamedPrompts, id: string | undefined): string | undefined {
  const ids = Object.keys(prompts);
  return id ?? main ?? (ids.length === 1 ? ids[0] : undefined);
}

type NamedPrompts = Pick<PromptPackage, 'prompts' | 'main'>;

/**
 * A path as a file writes it, from the root of the package.
 * @param from path of the file that writes it, '' for the manifest
 * @returns undefined when it leaves the package or is no relative path
 */
export function insidePath(from: string, path: string): string | undefined {
  if (path.startsWith('/') || /[\\\0]|^[A-Za-z]:/.test(path)) return undefined;
  const parts = from.split('/').slice(0, -1);
  for (const part of path.split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) return undefined;
    } else if (part !== '' && part !== '.') {
      parts.push(part);
    }
  }
  return parts.length === 0 ? undefined : parts.join('/');
}

/** The error for a package that has no such prompt, or whose prompt was not named. */
export function noPrompt(owner: PromptPackage, prompt: string | undefined): PrompdError {
  const { prompts } = owner;
  const title = titleOf(owner);
  const ids = Object.keys(prompts);
  const near = prompt === undefined ? undefined : suggest(prompt, ids);
  const list = ids.length === 0 ? 'It has no prompts.' : `Its prompts are ${ids.join(', ')}.`;
  const message =
    prompt === undefined
      ? `${title} has ${ids.length} prompts and no main one: the reference must name one.`
      : `${title} has no prompt "${prompt}".`;
  return new PrompdError('ENOPROMPT', message, {
    facts: { package: title, prompts: ids },
    hint: near === undefined ? list : `Did you mean "${near}"?`,
  });
}

function notInstalled(_from: PromptFile, { name }: PromptReference): never {
  throw new PrompdError('ENOTINSTALLED', `${name} is not installed.`, {
    facts: { package: name },
    hint: `Run "prompd install", or "prompd install ${name}" when it is not a dependency yet.`,
  });
}

function otherVersion({ name, range = '*' }: PromptReference, { version = '' }: PromptPackage): PrompdError {
  return new PrompdError('ENOVERSION', `${name} is installed as ${version}, which is not in "${range}".`, {
    facts: { package: name, expected: range, found: version },
    hint: 'Make the range in the reference and the one in prompd.json agree, then run "prompd install".',
  });
}

function titleOf({ id, label, name }: PromptPackage): string {
  return label || name || id;
}

function noFile(owner: PromptPackage, path: string): PrompdError {
  const title = titleOf(owner);
  return new PrompdError('ENOFILE', `${title} has no file "${path}".`, {
    facts: { package: title, file: path },
    hint: 'Paths in a package reference begin at the root of the package.',
  });
}

/** A tag as range cannot be judged without the registry: what is installed was chosen by it. */
function admits(range: string | undefined, version: string | undefined): boolean {
  if (range === undefined || version === undefined || semver.validRange(range) === null) return true;
  return semver.satisfies(version, range, { includePrerelease: true });
}

function decode(bytes: Uint8Array, path: string): string {
  if (bytes.length > MAX_BYTES) {
    throw new PrompdError('EPROMPT', `${path} has ${bytes.length} bytes; the limit is ${MAX_BYTES}.`, {
      facts: { file: path, size: bytes.length, limit: MAX_BYTES },
    });
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new PrompdError('EPROMPT', `${path} is not UTF-8 text.`, {
      facts: { file: path },
      hint: 'Save the file as UTF-8.',
      cause,
    });
  }
  if (!text.includes('\0')) return text;
  throw new PrompdError('EPROMPT', `${path} has a NUL character, and is no text.`, {
    facts: { file: path },
    hint: 'Save the file as UTF-8.',
  });
}
