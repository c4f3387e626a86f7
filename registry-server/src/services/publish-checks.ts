import { isUtf8 } from 'node:buffer';
import {
  checkPackageManifest,
  evidenceProblems,
  hasErrors,
  MANIFEST_FILE,
  type PackageManifest,
  type Problem,
  publishDependencyProblems,
  withHints,
} from 'prompd/core';
import { checkPackagePrompts, renderSamples } from 'prompd/prompt';
import { scanRendered, scanTree } from 'prompd/scan';
import { type ArchiveContents, readArchive } from 'prompd/tarball';
import { RequestError } from '../domain/problem-document.js';
import { npmViewProblems } from './npm-view.js';

/** What was found in an archive that may be published. */
export interface CheckedArchive {
  readonly manifest: PackageManifest;
  readonly readme: string | null;
  readonly unpackedSize: number;
  readonly fileCount: number;
}

/** Looks at the files of a package and reports what must not be published. */
export type PackageCheck = (tree: ArchiveContents, manifest: PackageManifest) => Promise<readonly Problem[]>;

/** Every check that a package passes before it is published, beside those of its manifest. */
export const PACKAGE_CHECKS: readonly PackageCheck[] = [
  publishDependencyProblems,
  evidenceProblems,
  (tree, manifest) => checkPackagePrompts(tree, manifest),
  scanTree,
  async (tree, manifest) => scanRendered(await renderSamples(tree, manifest)),
];

/** Characters of a README that are kept for reading and searching. */
const MAX_README = 512 * 1024;

/** Decides from an archive alone whether it can be published. What the request says of it is never used. */
export class PublishChecks {
  readonly #checks: readonly PackageCheck[];

  constructor(checks: readonly PackageCheck[]) {
    this.#checks = checks;
  }

  /**
   * Reads an archive: its manifest and its files, without an opinion on them.
   * @throws PrompdError EARCHIVE, EARCHIVEENTRY, EARCHIVELIMIT
   * @throws RequestError EMANIFEST with every problem of the manifest
   */
  async read(bytes: Uint8Array): Promise<{ archive: ArchiveContents; manifest: PackageManifest }> {
    const archive = await readArchive(bytes);
    const text = archive.files.get(MANIFEST_FILE);
    if (!text) {
      throw new RequestError('EMANIFEST', `The archive has no ${MANIFEST_FILE}.`, {
        hint: 'Make the archive with "prompd pack".',
      });
    }
    if (!isUtf8(text)) throw refused([problem(`${MANIFEST_FILE} is not UTF-8.`, MANIFEST_FILE)]);
    const { manifest, problems } = checkPackageManifest(decode(text));
    if (!manifest) throw refused(problems);
    const found = [...storable(manifest), ...npmViewProblems(archive, manifest)];
    if (found.length > 0) throw refused(found);
    return { archive, manifest };
  }

  /** @throws RequestError EMANIFEST with every problem, when one of them is an error */
  async check(archive: ArchiveContents, manifest: PackageManifest): Promise<CheckedArchive> {
    const problems: Problem[] = [];
    for (const check of this.#checks) problems.push(...(await check(archive, manifest)));
    if (hasErrors(problems)) throw refused(problems);
    let unpackedSize = 0;
    for (const content of archive.files.values()) unpackedSize += content.length;
    return { manifest, readme: readmeOf(archive, manifest), unpackedSize, fileCount: archive.files.size };
  }
}

function refused(problems: readonly Problem[]): RequestError {
  const errors = problems.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  return new RequestError(
    'EMANIFEST',
    first ? `The package cannot be published: ${first.message}` : 'The package cannot be published.',
    {
      facts: { errors: errors.length },
      problems: withHints(problems),
    },
  );
}

/** The database keeps no NUL and no half of a surrogate pair. */
function storable(manifest: PackageManifest): Problem[] {
  if (!/(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/i.test(JSON.stringify(manifest))) return [];
  return [
    problem('The manifest holds a character that is not text (NUL or an unpaired surrogate).', MANIFEST_FILE),
  ];
}

function problem(message: string, file: string): Problem {
  return { code: 'EMANIFEST', severity: 'error', message, file };
}

function readmeOf(archive: ArchiveContents, manifest: PackageManifest): string | null {
  const path =
    manifest.readme ?? archive.paths.find(name => /^readme(?:\.md|\.markdown|\.txt)?$/i.test(name));
  const content = path === undefined ? undefined : archive.files.get(path);
  return content ? decode(content).replaceAll('\0', '').slice(0, MAX_README) : null;
}

function decode(content: Uint8Array): string {
  return new TextDecoder('utf-8').decode(content);
}
