import {
  compareVersions,
  formatJson,
  isVersion,
  MANIFEST_FILE,
  type PackageName,
  PrompdError,
  parseJson,
  parseVersion,
  type Version,
} from 'prompd/core';
import semver from 'semver';
import { z } from 'zod';
import type { Actor } from '../../domain/actor.js';
import type { Access } from '../../domain/authorize.js';
import { assertExpected, type Expectation, type FileContent } from '../../domain/draft.js';
import { RequestError } from '../../domain/problem-document.js';
import type { DraftWorkshop } from '../../ports/draft-workshop.js';
import type { HistoricVersion } from '../../ports/module-history.js';
import type { PublishReceipt, PublishService } from '../publish.js';
import { workFiles } from './draft-files.js';
import { type ModuleComparison, mayHold } from './draft-work.js';
import type { DraftService } from './drafts.js';
import type { ModuleTexts } from './module-texts.js';
import type { VersionFiles } from './version-files.js';

export interface CommitParts {
  readonly drafts: DraftService;
  readonly versions: VersionFiles;
  readonly texts: ModuleTexts;
  readonly workshop: DraftWorkshop;
  readonly publishing: Pick<PublishService, 'publish'>;
}

export interface CommitRequest {
  /** An exact version, or a step: `auto` takes the one that the changes need. */
  readonly version: string;
  readonly tag: string;
  readonly access?: Access | undefined;
  readonly allowBreaking: boolean;
  readonly expectation: Expectation;
}

/**
 * Makes a version of a draft:
 * 1. The draft is read once, and must be in the state that the caller has seen.
 * 2. It is compared with the release before it; the version follows from that, or must be able to hold what changed.
 * 3. It is packed by the code of `prompd pack` and published as an upload would be, with all checks and approvals.
 * 4. The draft goes on from the new version. A crash before that leaves a draft that holds what is published.
 */
export class CommitService {
  readonly #parts: CommitParts;

  constructor(parts: CommitParts) {
    this.#parts = parts;
  }

  /** @throws PrompdError EBUMP, EBADVERSION, and what publishing throws; ECHANGED; RequestError EPRECONDITIONREQUIRED, ECONFLICT */
  async commit(actor: Actor, name: PackageName, request: CommitRequest): Promise<PublishReceipt> {
    const { drafts, workshop, publishing } = this.#parts;
    const { draft, files } = await drafts.read(name);
    assertExpected(request.expectation, draft.revision, `The draft of ${name}`);
    const known = await this.#parts.versions.numbers(name);
    const version = await this.#versionOf(actor, name, { files, known, request });
    const packed = await workshop.pack(workFiles(withVersion(files, name, version)));
    const receipt = await publishing.publish({
      actor,
      source: once(packed.bytes),
      tag: request.tag,
      // Nobody outside of the project sees what is written here before somebody says so.
      access: request.access ?? (known.length === 0 ? 'private' : undefined),
      integrity: packed.integrity,
      subject: { name, version },
      authors: [draft.updatedBy, ...draft.authors, ...[...files.values()].map(file => file.updatedBy)],
    });
    await drafts.continueFrom(actor, name, { version, revision: draft.revision });
    return receipt;
  }

  async #versionOf(
    actor: Actor,
    name: PackageName,
    {
      files,
      known,
      request: { version: wanted, allowBreaking },
    }: {
      files: ReadonlyMap<string, FileContent>;
      known: readonly HistoricVersion[];
      request: CommitRequest;
    },
  ): Promise<Version> {
    const { texts, workshop } = this.#parts;
    const exact = isVersion(wanted) ? parseVersion(wanted) : undefined;
    const base = releaseBefore(known, exact);
    if (!base) return exact ?? firstVersion(wanted);
    const comparison = await workshop.compare(
      await texts.published(actor, name, base),
      await texts.draft(actor, withVersion(files, name, exact ?? base.version)),
    );
    if (comparison.level === undefined) throw unchanged(name, base.version);
    const chosen = exact ?? nextVersion(wanted, base.version, comparison, known);
    if (!allowBreaking && !mayHold(chosen, comparison, base.version)) {
      throw tooSmall(name, chosen, { base: base.version, comparison });
    }
    return chosen;
  }
}

const FIRST = parseVersion('1.0.0');
const FIRST_STEPS: Readonly<Record<string, Version>> = {
  auto: FIRST,
  major: FIRST,
  minor: parseVersion('0.1.0'),
  patch: parseVersion('0.0.1'),
};

function firstVersion(step: string): Version {
  return FIRST_STEPS[step] ?? FIRST;
}

/** The highest release below the version, or of all; what was deleted or turned down is none. */
function releaseBefore(
  known: readonly HistoricVersion[],
  version: Version | undefined,
): HistoricVersion | undefined {
  return known
    .filter(({ status, deletedAt, yanked }) => status === 'published' && deletedAt === null && !yanked)
    .filter(other => semver.prerelease(other.version) === null)
    .filter(other => version === undefined || semver.lt(other.version, version))
    .sort((a, b) => compareVersions(a.version, b.version))
    .at(-1);
}

/** The version that a step leads to; a number that is or was taken is passed over. */
function nextVersion(
  step: string,
  base: Version,
  { needed }: ModuleComparison,
  known: readonly HistoricVersion[],
): Version {
  const bump = step === 'auto' ? (needed?.bump ?? 'patch') : bumpOf(step);
  const taken = new Set(known.map(({ version }) => String(version)));
  let next = semver.inc(base, bump);
  while (next !== null && taken.has(next)) next = semver.inc(next, bump);
  if (next === null) throw new TypeError(`${base} has no next ${bump}`);
  return parseVersion(next);
}

function bumpOf(step: string): 'major' | 'minor' | 'patch' {
  if (step === 'major' || step === 'minor' || step === 'patch') return step;
  throw new PrompdError('EBADVERSION', `"${step.slice(0, 80)}" is neither a version nor a step.`, {
    facts: { found: step.slice(0, 80) },
    hint: 'Use an exact version, or one of auto, major, minor and patch.',
  });
}

const jsonObject = z.record(z.string(), z.unknown());

function withVersion(
  files: ReadonlyMap<string, FileContent>,
  name: PackageName,
  version: Version,
): ReadonlyMap<string, FileContent> {
  const text = files.get(MANIFEST_FILE)?.content ?? '{}';
  const manifest = jsonObject.safeParse(parseJson(text, MANIFEST_FILE)).data ?? {};
  const { name: _name, version: _version, ...rest } = manifest;
  const content = formatJson({ name, version, ...rest });
  return new Map<string, FileContent>([...files, [MANIFEST_FILE, { encoding: 'utf8', content }]]);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  yield bytes;
}

function unchanged(name: PackageName, base: Version): RequestError {
  return new RequestError('ECONFLICT', `The draft of ${name} is as ${base}: there is nothing to commit.`, {
    facts: { name, version: base },
  });
}

function tooSmall(
  name: PackageName,
  version: Version,
  { base, comparison: { needed, changes } }: { base: Version; comparison: ModuleComparison },
): PrompdError {
  const [first] = changes;
  return new PrompdError(
    'EBUMP',
    `${name}@${version} is too small a step from ${base}${first ? `: ${first.message}` : '.'}`,
    {
      facts: { name, version, base, needed: needed?.version ?? '' },
      hint: `Commit it as ${needed?.version ?? 'a higher version'}, or allow breaking changes.`,
    },
  );
}
