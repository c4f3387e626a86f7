import { z } from 'zod';
import { conflictLine, hasConflictMarkers } from '../core/conflict-markers.js';
import type { Digest } from '../core/digest.js';
import { PrompdError } from '../core/errors.js';
import { type Integrity, parseIntegrity } from '../core/integrity.js';
import { formatJson, parseJson } from '../core/json.js';
import { duplicateMember, endsOpen } from '../core/json-text.js';
import type { PackageName } from '../core/name.js';
import { type PackageId, type PackageKey, parsePackageKey } from '../core/package-key.js';
import {
  type EdgeIndex,
  type Edges,
  falseMarks,
  indexEdges,
  LOCKFILE,
  LOCKFILE_VERSION,
  type LockedPackage,
  type Lockfile,
  parseEdge,
} from './lockfile.js';

const MAX_PACKAGES = 100_000;
const MAX_EDGES = 10_000;

/** A dependency map as the lockfile has it. */
export const requirementsSchema = z.record(z.string().max(214), z.string().max(2048)).default({});
const edges = z.array(z.string().max(4096)).max(MAX_EDGES);

/** What the lockfile says of one package. */
export const blockSchema = z.strictObject({
  dependencies: edges.default([]),
  dev: z.boolean().default(false),
  integrity: z.string().max(1024),
  prompts: z
    .record(z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/), z.string().regex(/^sha256-[0-9a-f]{64}$/))
    .default({}),
});

const lockfileSchema = z.strictObject({
  lockfileVersion: z.literal(LOCKFILE_VERSION),
  packages: z.record(z.string().max(4096), blockSchema),
  root: z.strictObject({
    dependencies: requirementsSchema,
    devDependencies: requirementsSchema,
    overrides: requirementsSchema,
    edges,
  }),
});

const versionSchema = z.object({ lockfileVersion: z.number().int().positive() });

/**
 * Reads a lockfile's text, trusting nothing in it.
 * @param file what to call it in errors
 * @throws PrompdError ELOCKFUTURE when a newer prompd wrote it; ELOCKCONFLICT when a merge left its markers in it;
 *   ELOCKBROKEN when it is damaged in any other way
 */
export function parseLockfile(text: string, file: string = LOCKFILE): Lockfile {
  const raw = parseText(text, file);
  const version = versionSchema.safeParse(raw);
  if (version.success && version.data.lockfileVersion > LOCKFILE_VERSION) {
    throw new PrompdError('ELOCKFUTURE', `${file} was written by a newer prompd.`, {
      facts: { file, found: version.data.lockfileVersion, expected: LOCKFILE_VERSION },
      hint: 'Update prompd.',
    });
  }
  const parsed = lockfileSchema.safeParse(raw);
  if (!parsed.success) throw brokenLockfile(file, firstFault(parsed.error));
  refuseDuplicates(text, raw, file);
  const { packages: blocks, root } = parsed.data;
  const ids = packageIds(Object.keys(blocks), file);
  const index = indexEdges(ids);
  const packages = new Map<PackageKey, LockedPackage>();
  for (const [key, id] of ids) {
    const block = blocks[key];
    if (!block) throw brokenLockfile(file, `${key} has no block.`);
    packages.set(key, {
      ...id,
      integrity: integrityIn(block.integrity, { file, key }),
      dev: block.dev,
      edges: edgesIn(block.dependencies, index, { file, owner: key }),
      prompts: new Map(Object.entries(block.prompts).map(([prompt, digest]) => [prompt, digest as Digest])),
    });
  }
  const rootEdges = edgesIn(root.edges, index, { file, owner: 'the project' });
  checkRootEdges({ ...root.devDependencies, ...root.dependencies }, rootEdges, file);
  return withTrueMarks({ root: { ...root, edges: rootEdges }, packages });
}

/** Nobody goes by a false `dev`: it would keep a package out of an install or an audit that is to have it. */
function withTrueMarks({ root, packages }: Lockfile): Lockfile {
  const wrong = falseMarks({ root, packages });
  if (wrong.length === 0) return { root, packages };
  const mended = new Map(packages);
  for (const key of wrong) {
    const locked = packages.get(key);
    if (locked) mended.set(key, { ...locked, dev: !locked.dev });
  }
  return { root, packages: mended, falseMarks: wrong };
}

function firstFault({ issues: [issue] }: z.ZodError): string {
  const member = issue?.path.map(String).join('.').slice(0, 200);
  return `${member ? `"${member}": ` : ''}${issue?.message.slice(0, 200)}.`;
}

function parseText(text: string, file: string): unknown {
  if (text.trim() === '') throw brokenLockfile(file, 'It is empty.');
  if (text.includes('\0'))
    throw brokenLockfile(file, 'It holds NUL bytes, as files do that a crash left half written.');
  if (hasConflictMarkers(text)) throw conflicted(file, conflictLine(text) ?? 1);
  try {
    return parseJson(text, file);
  } catch (error) {
    if (!(error instanceof PrompdError)) throw error;
    const reason = endsOpen(text) ? `It is cut off in line ${lineCount(text)}.` : error.message;
    throw brokenLockfile(file, reason, error);
  }
}

function lineCount(text: string): number {
  return text.trimEnd().split('\n').length;
}

/** Of two members of one name parsers take the last: what people see and what is used would differ. */
function refuseDuplicates(text: string, raw: unknown, file: string): void {
  // As prompd writes it: nothing was lost in reading.
  if (formatJson(raw) === text) return;
  const found = duplicateMember(text);
  if (found)
    throw brokenLockfile(
      file,
      `"${found.name.slice(0, 200)}" stands twice in one object, again in line ${found.line}.`,
    );
}

function packageIds(keys: readonly string[], file: string): Map<PackageKey, PackageId> {
  if (keys.length > MAX_PACKAGES)
    throw brokenLockfile(file, `It lists ${keys.length} packages; the limit is ${MAX_PACKAGES}.`);
  return new Map(
    keys.map(key => {
      const id = parsePackageKey(key);
      if (!id) throw brokenLockfile(file, `"${key.slice(0, 200)}" is not a package key.`);
      return [key as PackageKey, id];
    }),
  );
}

function integrityIn(raw: string, { file, key }: { file: string; key: string }): Integrity {
  try {
    return parseIntegrity(raw);
  } catch (error) {
    if (error instanceof PrompdError) throw brokenLockfile(file, `${key} has no sha512 integrity.`, error);
    throw error;
  }
}

function edgesIn(
  list: readonly string[],
  index: EdgeIndex,
  { file, owner }: { file: string; owner: string },
): Edges {
  const found = new Map<PackageName, PackageKey>();
  for (const raw of list) {
    const edge = parseEdge(raw, index);
    if (!edge)
      throw brokenLockfile(
        file,
        `${owner} depends on "${raw.slice(0, 200)}", which is not one of its packages.`,
      );
    if (found.has(edge[0])) throw brokenLockfile(file, `${owner} depends on "${edge[0]}" twice.`);
    found.set(...edge);
  }
  return found;
}

function checkRootEdges(wanted: Readonly<Record<string, string>>, edges: Edges, file: string): void {
  const names: ReadonlySet<string> = new Set(edges.keys());
  const missing = Object.keys(wanted).filter(name => !names.has(name));
  if (missing.length > 0)
    throw brokenLockfile(file, `The project's ${missing.join(', ')} leads to no package.`);
  if (names.size > Object.keys(wanted).length)
    throw brokenLockfile(file, 'The project has edges that it does not ask for.');
}

/** The error for a lockfile that cannot be used. @param reason a sentence */
export function brokenLockfile(file: string, reason: string, cause?: unknown): PrompdError {
  return new PrompdError('ELOCKBROKEN', `${file} cannot be used: ${reason}`, {
    facts: { file },
    hint: 'Take the version from your version control, or delete the file and run "prompd install" to make it anew.',
    cause,
  });
}

/** The error for a lockfile that a merge left with its markers. @param line of the first one */
function conflicted(file: string, line: number): PrompdError {
  return new PrompdError('ELOCKCONFLICT', `${file} has conflict markers of a merge, first in line ${line}.`, {
    facts: { file, line },
  });
}
