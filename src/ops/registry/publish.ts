import semver from 'semver';
import { z } from 'zod';
import { LATEST, parseDistTag } from '../../core/dist-tag.js';
import { PrompdError } from '../../core/errors.js';
import type { PackageManifest } from '../../core/manifest.js';
import { byPlace, hasErrors, type Problem, withHints } from '../../core/problem.js';
import type { SourceTree } from '../../core/source-tree.js';
import { isPromptPath } from '../../prompt/index.js';
import { connectTo, type PublishReceipt, type PublishRequest } from '../../registry/index.js';
import { readArchive } from '../../tarball/index.js';
import type { Context } from '../context.js';
import { warnOfLinks, withoutLinks } from '../project/project-links.js';
import { folderPackage, lenient } from '../prompts/prompt-packages.js';
import { authorSigner } from '../signatures/author-keys.js';
import { checkPackage } from './check-package.js';
import { publishToken } from './ci-token.js';
import { checkStep, type PublishComparison } from './contract-gate.js';
import { type PackedTarget, type PackSummary, packTarget, summaryOf } from './pack.js';
import { publishRegistry } from './publish-registry.js';

const packageJsonSchema = z.record(z.string(), z.unknown());

export interface PublishOptions {
  /** A folder with a prompd.json, or one prompt file; relative to the folder that the user works in. */
  readonly target: string;
  readonly tag?: string | undefined;
  readonly private?: boolean | undefined;
  readonly dryRun?: boolean;
  readonly scope?: string | undefined;
  /** Sign it with a key of the user's own. */
  readonly sign?: boolean;
  /** Name of that key. */
  readonly key?: string | undefined;
  /** Publish also when the step of the version is too small for what changed. */
  readonly allowBreaking?: boolean;
}

export interface PublishResult extends PackSummary {
  readonly tag: string;
  readonly access: 'public' | 'private' | undefined;
  readonly registry: string;
  /** Of the author's key that signs it; undefined without a signature. */
  readonly authorKeyid: string | undefined;
  /** Errors stop the publishing; then nothing was sent. */
  readonly problems: readonly Problem[];
  /** How it differs from the release before; undefined when problems that are errors came first. */
  readonly comparison: PublishComparison | undefined;
  /** Undefined when nothing was sent: a dry run, or problems that are errors. */
  readonly receipt: PublishReceipt | undefined;
}

/**
 * Publishes a package: packs it, checks what was packed, sends it.
 *
 * The registry is the one of `--registry` or `PROMPD_REGISTRY`, else that of `publishConfig`, else the one that the
 * name comes from. Nothing is sent without a token for it, and tokens belong to registries that the user logged in to,
 * so a checkout cannot have packages sent to a place that the user does not know.
 * A version whose step from the release before is too small for what changed in the contracts of its prompts is refused.
 * @throws PrompdError as {@link packTarget}; EBUMP; EUSAGE for a pre-release without a tag; ECONFIG for a `publishConfig` that
 *   names an unknown registry; ENOKEY for a signature without a key; EAUTH, EFORBIDDEN, ECONFLICT and all that a registry refuses
 */
export async function publish(context: Context, options: PublishOptions): Promise<PublishResult> {
  const sign = options.sign === true ? await authorSigner(context, options.key) : undefined;
  const packed = await packTarget(context, options);
  const { manifest } = packed;
  const tag = tagOf(manifest, options.tag);
  const access = accessOf(manifest, options.private);
  const registry = await publishRegistry(context, manifest);
  const tree = await readArchive(packed.bytes);
  const problems = await problemsOf(context, packed, tree);
  const { name, version } = manifest;
  const authorSignature = sign?.({ name, version, integrity: packed.integrity });
  const authorKeyid = authorSignature?.keyid;
  const planned = { ...summaryOf(packed), tag, access, registry: registry.url, authorKeyid, problems };
  const none = { comparison: undefined, receipt: undefined };
  if (hasErrors(problems)) return { ...planned, ...none };

  const dryRun = options.dryRun === true;
  const token = dryRun ? undefined : await publishToken(context, registry, name);
  const connection = connectTo(context, registry, token);
  const allowBreaking = options.allowBreaking === true;
  const comparison = await checkStep(context, packed, {
    registry: connection,
    allowBreaking,
    dryRun,
    loose: isPromptPath(options.target),
  });
  if (dryRun) return { ...planned, comparison, receipt: undefined };
  context.progress.start('publish', 1);
  try {
    const receipt = await connection.publish({
      name,
      version,
      archive: packed.bytes,
      integrity: packed.integrity,
      ...(await npmMetadata(tree)),
      tag,
      access,
      authorSignature,
    });
    context.progress.advance(packed.bytes.length);
    return { ...planned, comparison, receipt };
  } finally {
    context.progress.stop();
  }
}

/** Looks at the archive rather than at the folder: what is checked is what is sent. */
async function problemsOf(context: Context, packed: PackedTarget, tree: SourceTree): Promise<Problem[]> {
  const { manifest, dir } = packed;
  await warnOfLinks(context, dir, 'prompd publish');
  const { dependency } = lenient(folderPackage(withoutLinks(context), dir, { manifest, tree, label: '' }));
  return withHints(
    [...packed.problems, ...(await checkPackage(tree, manifest, { dependency, publishing: true }))].sort(
      byPlace,
    ),
  );
}

/** What npm registries are told of a package beside its archive, as the archive itself has it. */
async function npmMetadata(tree: SourceTree): Promise<Pick<PublishRequest, 'packageJson' | 'readme'>> {
  const text = async (file: string | undefined) =>
    new TextDecoder().decode(file === undefined ? undefined : await tree.read(file));
  const readme = tree.paths.find(file => /^readme(?:\.(?:md|markdown|txt))?$/i.test(file));
  return {
    packageJson: packageJsonSchema.parse(JSON.parse(await text('package.json'))),
    readme: await text(readme),
  };
}

function tagOf({ version, publishConfig }: PackageManifest, flag: string | undefined): string {
  const tag = flag ?? publishConfig?.tag;
  if (tag !== undefined) return parseDistTag(tag);
  if (semver.prerelease(version) === null) return LATEST;
  throw new PrompdError('EUSAGE', `${version} is a pre-release: it needs a tag other than "latest".`, {
    facts: { version },
    hint: 'Add "--tag next", or the tag that fits; "--tag latest" if everybody is to get it.',
  });
}

/** Where nobody says anything, the package keeps the access that it has. */
function accessOf(
  { private: isPrivate, publishConfig }: PackageManifest,
  flag: boolean | undefined,
): 'public' | 'private' | undefined {
  if (flag === true || isPrivate === true) return 'private';
  return publishConfig?.access;
}
