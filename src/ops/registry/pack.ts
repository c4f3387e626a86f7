import { access, stat } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { PrompdError } from '../../core/errors.js';
import type { Integrity } from '../../core/integrity.js';
import { MANIFEST_FILE } from '../../core/manifest.js';
import type { PackageName } from '../../core/name.js';
import type { Problem } from '../../core/problem.js';
import type { Version } from '../../core/version.js';
import { isPromptPath } from '../../prompt/index.js';
import { type PackedPackage, packFolder, readArchive } from '../../tarball/index.js';
import type { Context } from '../context.js';
import { testProblems } from '../models/test-problems.js';
import { packLoosePrompt } from '../prompts/loose-prompt.js';

export interface PackOptions {
  /** A folder with a prompd.json, or one prompt file; relative to the folder that the user works in. */
  readonly target: string;
  /** Folder or file to write to; the current folder by default. */
  readonly out?: string | undefined;
  readonly dryRun?: boolean;
  /** Scope of the package that one prompt file becomes. */
  readonly scope?: string | undefined;
}

/** What is in an archive. */
export interface PackSummary {
  readonly name: PackageName;
  readonly version: Version;
  readonly integrity: Integrity;
  /** Bytes of the archive. */
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string; readonly size: number }[];
}

export interface PackResult extends PackSummary {
  /** Name of the archive's file. */
  readonly filename: string;
  /** Absolute path of the archive; undefined for a dry run. */
  readonly path: string | undefined;
  readonly problems: readonly Problem[];
}

/** A packed package with what its author should know of it. */
export interface PackedTarget extends PackedPackage {
  /** Absolute path of the package's folder, or of the one that the prompt file lies in. */
  readonly dir: string;
  readonly problems: readonly Problem[];
}

/**
 * Packs a package and writes its archive.
 * @throws PrompdError ENOFILE, ENOMANIFEST, EMANIFEST, EPACK, EPROMPT; EBADTEST for a test that cannot run; ENOFILE when there is no folder to write
 *   the archive to
 */
export async function pack(context: Context, options: PackOptions): Promise<PackResult> {
  const packed = await packTarget(context, options);
  await refuseBadTests(packed);
  const filename = archiveName(packed.manifest);
  const file = options.dryRun === true ? undefined : await destination(context.cwd, options.out, filename);
  if (file !== undefined) await writeFileAtomic(file, Buffer.from(packed.bytes));
  return { ...summaryOf(packed), filename, path: file, problems: packed.problems };
}

/** A test that cannot run is a fault of the manifest, and with those nothing is packed. */
async function refuseBadTests({ manifest, bytes }: PackedTarget): Promise<void> {
  if (!manifest.tests?.length) return;
  const problems = await testProblems(await readArchive(bytes), manifest);
  const [first] = problems;
  if (!first) return;
  throw new PrompdError('EBADTEST', `${MANIFEST_FILE}: ${first.message}`, {
    facts: {
      file: MANIFEST_FILE,
      problems: problems.map(({ line, column, message }) => `${line ?? 1}:${column ?? 1} ${message}`),
    },
    hint: first.hint,
  });
}

/** Packs a folder, or makes a package of one prompt file. @throws PrompdError as {@link pack} */
export async function packTarget(
  context: Context,
  { target, scope }: Pick<PackOptions, 'target' | 'scope'>,
): Promise<PackedTarget> {
  const absolute = path.resolve(context.cwd, target);
  const stats = await stat(absolute).catch(() => undefined);
  if (stats === undefined) {
    throw new PrompdError('ENOFILE', `There is no "${target}".`, {
      facts: { path: absolute },
      hint: 'Name the folder of a package or a prompt file.',
    });
  }
  if (stats.isDirectory()) return { ...(await packFolder(absolute)), dir: absolute };
  if (!isPromptPath(absolute)) {
    throw new PrompdError('EUSAGE', `"${target}" is neither a folder nor a prompt file.`, {
      facts: { path: absolute },
      hint: 'Prompt files end in .prompd or .prmd.',
    });
  }
  const packed = await packLoosePrompt(context, absolute, scope ?? context.config.publishScope);
  return { ...packed, dir: path.dirname(absolute), problems: [] };
}

/** What is told of a packed package: names, sizes in bytes, files. */
export function summaryOf({ manifest, bytes, integrity, files, unpackedSize }: PackedPackage): PackSummary {
  return {
    name: manifest.name,
    version: manifest.version,
    integrity,
    size: bytes.length,
    unpackedSize,
    files,
  };
}

/** As npm names archives: `@team/review` 1.0.0 is `team-review-1.0.0.tgz`. */
function archiveName({ name, version }: { name: PackageName; version: Version }): string {
  return `${name.replace(/^@/, '').replace('/', '-')}-${version}.tgz`;
}

async function destination(cwd: string, out: string | undefined, filename: string): Promise<string> {
  const wanted = path.resolve(cwd, out ?? '.');
  const isFolder = await stat(wanted).then(
    stats => stats.isDirectory(),
    () => false,
  );
  if (isFolder) return path.join(wanted, filename);
  const parent = path.dirname(wanted);
  const usable = await access(parent).then(
    () => /\.(?:tgz|tar\.gz)$/.test(wanted),
    () => false,
  );
  if (usable) return wanted;
  throw new PrompdError('ENOFILE', `There is no folder "${out}" to write the archive to.`, {
    facts: { path: wanted },
    hint: 'Make the folder first, or name a file that ends in .tgz.',
  });
}
