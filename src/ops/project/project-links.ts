import { mkdir, readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { PrompdError } from '../../core/errors.js';
import { formatJson, parseJson } from '../../core/json.js';
import { isPackageName, type PackageName } from '../../core/name.js';
import { systemCode } from '../../core/system-code.js';
import { exclusively } from '../../store/index.js';
import type { Context } from '../context.js';
import { LINKS_FILE } from './links-file.js';

const WAIT_MS = 10_000;

/** Package name to the absolute folder that is used in its place. */
export type ProjectLinks = ReadonlyMap<PackageName, string>;

/** What `prompd link` remembers. */
export interface Links {
  /** Packages that can be linked by name. */
  readonly targets: Map<PackageName, string>;
  /** Real path of a project to its links. */
  readonly projects: Map<string, Map<PackageName, string>>;
}

const folders = z.record(z.string(), z.string().refine(path.isAbsolute)).default({});
const schema = z.object({ targets: folders, projects: z.record(z.string(), folders).default({}) });

/**
 * The links of a project; none where the command is to do without them.
 * @param dir absolute
 * @throws PrompdError ECONFIG when the file is damaged
 */
export async function linksOf(context: Context, dir: string): Promise<ProjectLinks> {
  if (context.links === false) return new Map();
  const { projects } = await readLinks(context);
  return projects.size === 0 ? new Map() : (projects.get(await realOf(dir)) ?? new Map());
}

/** The same context, as if nothing were linked: for what leaves this machine. */
export function withoutLinks(context: Context): Context {
  return { ...context, links: false };
}

/** Tells, where something is linked, that a command takes no notice of it. @param what as in "prompd ci" */
export async function warnOfLinks(context: Context, dir: string, what: string): Promise<void> {
  const names = [...(await linksOf(context, dir)).keys()].sort();
  if (names.length === 0) return;
  const which = names.length === 1 ? 'the link of' : 'the links of';
  context.progress.warn(`${what} ignores ${which} ${names.join(', ')}: it takes what the lockfile names.`);
}

/** Everything that is linked. @throws PrompdError ECONFIG */
export async function readLinks({ config }: Context): Promise<Links> {
  const file = path.join(config.home, LINKS_FILE);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR')
      return { targets: new Map(), projects: new Map() };
    throw error;
  }
  const parsed = schema.safeParse(parseOrUndefined(text, file));
  if (!parsed.success) {
    throw new PrompdError('ECONFIG', `${file} is damaged.`, {
      facts: { file },
      hint: 'Remove the file, then link again what you need with "prompd link".',
    });
  }
  const { targets, projects } = parsed.data;
  return {
    targets: named(targets),
    projects: new Map(Object.entries(projects).map(([dir, links]) => [dir, named(links)])),
  };
}

/** Reads, changes and writes the links while no other command does. */
export async function changeLinks<T>(context: Context, change: (links: Links) => T): Promise<T> {
  const { home } = context.config;
  const file = path.join(home, LINKS_FILE);
  await mkdir(home, { recursive: true });
  return exclusively({ home, subject: file, waitMs: WAIT_MS }, async () => {
    const links = await readLinks(context);
    const result = change(links);
    const { default: writeFileAtomic } = await import('write-file-atomic');
    const projects = [...links.projects].filter(([, own]) => own.size > 0);
    await writeFileAtomic(
      file,
      formatJson({
        targets: sorted(links.targets),
        projects: sorted(projects.map(([dir, own]) => [dir, sorted(own)])),
      }),
    );
    return result;
  });
}

/** The path by which a project's links are filed. */
export async function realOf(dir: string): Promise<string> {
  return realpath(dir).catch(() => dir);
}

function parseOrUndefined(text: string, file: string): unknown {
  try {
    return parseJson(text, file);
  } catch {
    return undefined;
  }
}

function named(folders: Readonly<Record<string, string>>): Map<PackageName, string> {
  const entries = Object.entries(folders).flatMap(([name, dir]): [PackageName, string][] =>
    isPackageName(name) ? [[name, dir]] : [],
  );
  return new Map(entries);
}

function sorted<T>(entries: Iterable<readonly [string, T]>): Record<string, T> {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
}
