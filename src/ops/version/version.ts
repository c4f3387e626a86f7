import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { PrompdError } from '../../core/errors.js';
import { MANIFEST_FILE, readPackageManifest } from '../../core/manifest.js';
import { parseVersion, type Version } from '../../core/version.js';
import type { Context } from '../context.js';
import { withVersion } from '../project/manifest-version.js';
import { openProject, type Project } from '../project/project.js';
import { withProjectLock } from '../project/project-lock.js';
import { type AutoChoice, autoVersion, nextVersion } from './next-version.js';
import {
  checkReleasable,
  commitFile,
  type ReleaseRepository,
  releaseRepository,
  tagCommit,
} from './release-git.js';

export interface VersionOptions {
  /** A step, `auto`, or an exact version. */
  readonly step: string;
  readonly preid?: string | undefined;
  /** Whether to commit and tag in a git work tree. */
  readonly git: boolean;
  readonly allowSameVersion: boolean;
  /** Of the commit and the tag; `%s` stands for the version. */
  readonly message: string;
  readonly tagPrefix: string;
  /** Also with changes in the work tree that are not committed. */
  readonly force: boolean;
}

export interface VersionResult {
  readonly name: string | undefined;
  readonly before: Version | undefined;
  readonly version: Version;
  /** Absent outside git, or without anything to release. */
  readonly git?: { readonly commit: string | undefined; readonly tag: string };
  /** What `auto` found. */
  readonly auto?: Omit<AutoChoice, 'version'>;
}

/** The versions in force: of the package, when there is one, and of prompd. */
export async function currentVersions(context: Context): Promise<Record<string, string>> {
  const { manifest } = await openProject(context);
  const own = manifest.name && manifest.version ? { [manifest.name]: manifest.version } : {};
  const node = context.nodeVersion === undefined ? {} : { node: context.nodeVersion };
  return { ...own, prompd: context.version, ...node };
}

/**
 * Writes the next version into prompd.json and, in a git work tree, commits that file and tags the commit.
 *
 * 1. Everything that can be refused is refused: the version, the tag, changes in the work tree.
 * 2. prompd.json is written.
 * 3. It is committed, alone. When that fails or is stopped, prompd.json becomes what it was.
 * 4. The commit is tagged. When that fails the commit stays: hooks may have sent it on already.
 * @throws PrompdError ENOMANIFEST, EMANIFEST, EUSAGE, EBADVERSION, EGIT, ECANCELLED, ELOCKED; for `auto` as {@link autoVersion}
 */
export async function setVersion(context: Context, options: VersionOptions): Promise<VersionResult> {
  const { dir, manifestText } = await openProject(context);
  if (manifestText === undefined) throw noManifest(dir);
  return withProjectLock(context, { dir, task: 'version' }, () => stepOn(context, options));
}

async function stepOn(context: Context, options: VersionOptions): Promise<VersionResult> {
  const project = await openProject(context);
  const { manifest, manifestText, dir } = project;
  if (manifestText === undefined) throw noManifest(dir);
  const before = manifest.version === undefined ? undefined : parseVersion(manifest.version);
  const auto = options.step === 'auto' ? await chooseVersion(context, project, options) : undefined;
  const version = auto?.version ?? nextVersion(options.step, before, options.preid);
  const result = {
    name: manifest.name,
    before,
    version,
    ...(auto ? { auto: withoutVersion(auto) } : {}),
  };
  if (version === before && auto) return result;
  if (version === before && !options.allowSameVersion) throw sameVersion(version);

  const file = path.join(dir, MANIFEST_FILE);
  const repository = options.git ? await releaseRepository(context, file) : undefined;
  const tag = `${options.tagPrefix}${version}`;
  if (repository) await checkReleasable(context, repository, { tag, force: options.force });
  const text = withVersion(manifestText, version);
  const changed = text !== manifestText;
  if (changed) await writeFileAtomic(file, text);
  if (!repository) return result;

  const message = options.message.replaceAll('%s', version);
  const commit = changed
    ? await commitOrRestore(context, repository, { file, manifestText, message })
    : undefined;
  await tagOrExplain(context, repository, { tag, message, version });
  return { ...result, git: { commit, tag } };
}

async function chooseVersion(
  context: Context,
  { dir, manifestText = '' }: Project,
  { preid }: VersionOptions,
): Promise<AutoChoice> {
  if (preid !== undefined) {
    throw new PrompdError('EUSAGE', '"--preid" names a pre-release, and "auto" chooses releases.', {
      hint: 'Use it with prerelease, premajor, preminor or prepatch.',
    });
  }
  return autoVersion(context, { dir, manifest: readPackageManifest(manifestText) });
}

async function commitOrRestore(
  context: Context,
  repository: ReleaseRepository,
  { file, manifestText, message }: { file: string; manifestText: string; message: string },
): Promise<string> {
  try {
    return await commitFile(context, repository, message);
  } catch (error) {
    await writeFileAtomic(file, manifestText);
    throw error;
  }
}

async function tagOrExplain(
  context: Context,
  repository: ReleaseRepository,
  { tag, message, version }: { tag: string; message: string; version: Version },
): Promise<void> {
  try {
    await tagCommit(context, repository, { tag, message });
  } catch (error) {
    if (!(error instanceof PrompdError)) throw error;
    throw new PrompdError(error.code, `${version} is committed, but not tagged: ${error.message}`, {
      facts: { ...error.facts, tag },
      hint: `Mend what git says, then run "prompd version ${version} --allow-same-version" to tag the commit.`,
      cause: error,
    });
  }
}

function withoutVersion({ version: _version, ...rest }: AutoChoice): Omit<AutoChoice, 'version'> {
  return rest;
}

function noManifest(dir: string): PrompdError {
  return new PrompdError('ENOMANIFEST', `There is no ${MANIFEST_FILE} to write a version into.`, {
    facts: { folder: dir },
  });
}

function sameVersion(version: Version): PrompdError {
  return new PrompdError('EUSAGE', `The version is ${version} already.`, {
    facts: { version },
    hint: 'Name another one, or add "--allow-same-version" to tag the one that is there.',
  });
}
