import { PrompdError } from '../../core/errors.js';
import { EXIT } from '../../core/exit-codes.js';
import type { PackageName } from '../../core/name.js';
import type { Version } from '../../core/version.js';
import type { ContractChange } from '../../prompt/index.js';
import type { Registry } from '../../registry/index.js';
import type { Context } from '../context.js';
import { withSuppliers } from '../install/suppliers.js';
import { withoutLinks } from '../project/project-links.js';
import { type ContractComparison, comparePackages, releaseBefore } from '../version/compare-packages.js';
import { type OpenedPackage, openPacked } from '../version/opened-package.js';
import { publishedPackages } from '../version/published-packages.js';
import type { PackedTarget } from './pack.js';

/** What a package that is to be published was held against. */
export interface PublishComparison extends ContractComparison {
  /** The release it was compared with; absent when there is none. */
  readonly base?: Version;
  /** Why nothing was compared. */
  readonly skipped?: string;
}

export interface GateOptions {
  /** Where the package is going to be published. */
  readonly registry: Registry;
  readonly allowBreaking: boolean;
  /** Nothing will be sent: then an unreadable registry is told and not an error. */
  readonly dryRun: boolean;
  /** Whether the package is made of one prompt file, which holds the version. */
  readonly loose: boolean;
}

const NOTHING = { changes: [], uncompared: [] };

/**
 * Holds a package against the release before it and refuses a version whose step is too small for what changed.
 * @throws PrompdError EBUMP; the registry's own error when it lets nobody read what is there
 */
export async function checkStep(
  context: Context,
  packed: PackedTarget,
  options: GateOptions,
): Promise<PublishComparison> {
  const { name, version } = packed.manifest;
  const comparison = await compare(context, packed, options);
  for (const { prompt, side, reason } of comparison.uncompared) {
    const where = side === 'before' ? `in ${name}@${comparison.base}` : 'in what is published now';
    context.progress.warn(`The prompt "${prompt}" was not compared: it cannot be loaded ${where}: ${reason}`);
  }
  if (options.allowBreaking || comparison.needed?.enough !== false) return comparison;
  throw tooSmall({ name, version, comparison, loose: options.loose });
}

async function compare(
  context: Context,
  packed: PackedTarget,
  { registry, allowBreaking, dryRun }: GateOptions,
): Promise<PublishComparison> {
  const { name, version } = packed.manifest;
  const project = { dir: packed.dir, lockfile: undefined };
  return withSuppliers(context, project, async suppliers => {
    const published = publishedPackages(context, { ...suppliers, instead: { name, registry } });
    let base: Version | undefined;
    let before: OpenedPackage;
    try {
      base = releaseBefore(await published.packument(name), version);
      if (base === undefined) return { ...NOTHING, skipped: `there is no release before ${version}` };
      before = await published.open(name, base);
    } catch (error) {
      if (!(error instanceof PrompdError)) throw error;
      if (error.code === 'ENOTFOUND') {
        return { ...NOTHING, skipped: `${registry.url} shows no earlier version` };
      }
      if (isRefusal(error) && !allowBreaking && !dryRun) throw unreadable(error, name, registry.url);
      const what = base === undefined ? `the versions at ${registry.url}` : `${name}@${base}`;
      const skipped = `${what} cannot be read: ${error.message}`;
      context.progress.warn(`The contracts were not compared: ${skipped}`);
      return { ...NOTHING, ...(base === undefined ? {} : { base }), skipped };
    }
    const after = await openPacked(withoutLinks(context), packed, {
      title: name,
      otherwise: published.dependency,
    });
    return { base, ...(await comparePackages(before, after)) };
  });
}

/** The registry is not there or does not let itself be read; anything else is wrong with the old package. */
function isRefusal({ exitCode }: PrompdError): boolean {
  return exitCode === EXIT.auth || exitCode === EXIT.network;
}

/** One line for a change, wherever it is listed without its prompt as a heading. */
export function changeLine({ level, prompt, message }: ContractChange): string {
  return `${level}: ${prompt === undefined ? '' : `${prompt}: `}${message}`;
}

/** Changes that an error lists; more would hide the way out. */
const MAX_LISTED = 20;

function tooSmall({
  name,
  version,
  comparison: { base, changes, level, needed },
  loose,
}: {
  name: PackageName;
  version: Version;
  comparison: PublishComparison;
  loose: boolean;
}): PrompdError {
  const telling = changes.filter(change => change.level === level);
  const more = telling.length > MAX_LISTED ? [`and ${telling.length - MAX_LISTED} more`] : [];
  const step = loose
    ? `Write version: "${needed?.version}" into its front matter`
    : `Run "prompd version ${needed?.version}"`;
  const kind = level === 'breaking' ? 'break what callers rely on' : 'add to what callers can use';
  return new PrompdError(
    'EBUMP',
    `${name}@${version} is too small a step from ${base}: its changes ${kind}, and need ${needed?.version} or higher.`,
    {
      facts: {
        package: name,
        before: base ?? '',
        version,
        needed: needed?.version ?? '',
        changes: [...telling.slice(0, MAX_LISTED).map(changeLine), ...more],
      },
      hint: `${step} and publish again, or add "--allow-breaking" to publish it as ${version} all the same.`,
    },
  );
}

function unreadable(error: PrompdError, name: PackageName, url: string): PrompdError {
  const message = `What is published of ${name} cannot be compared with this version: ${error.message}`;
  return new PrompdError(error.code, message, {
    facts: { ...error.facts, registry: url },
    // No token helps against an outage.
    hint:
      error.exitCode === EXIT.auth
        ? `Use a token that may read ${name}, or add "--allow-breaking" to publish it without comparing. ${error.hint}`
        : `${error.hint} Or add "--allow-breaking" to publish it without comparing.`,
    cause: error,
  });
}
