import { PrompdError } from '../../core/errors.js';
import type { PackageName } from '../../core/name.js';
import {
  type FeatReport,
  featReport,
  isTier,
  type ReportApproval,
  reportHtml,
  reportMarkdown,
} from '../../feat/index.js';
import type { Approval } from '../../registry/index.js';
import type { Context } from '../context.js';
import { reviewedArchive } from '../governance/reviewed-archive.js';
import { withSuppliers } from '../install/suppliers.js';
import { writeOutput } from '../models/write-output.js';
import { openForReading, parsePackageTarget } from '../registry/change-target.js';
import { openPublished } from '../version/diff-sides.js';
import { publishedPackages } from '../version/published-packages.js';
import { manifestFile, openFeatFolder } from './feat-folder.js';

export const REPORT_FORMATS = ['markdown', 'html'] as const;

export interface FeatReportOptions {
  /** A folder, or a package of a registry, as typed. */
  readonly target: string;
  readonly format: (typeof REPORT_FORMATS)[number];
  /** The file to write to, as typed; undefined for none. */
  readonly output?: string | undefined;
}

export interface FeatReportResult {
  readonly report: FeatReport;
  readonly format: FeatReportOptions['format'];
  /** The report as text in that format. */
  readonly text: string;
  readonly output: string | undefined;
}

/**
 * The evidence report of a package in a folder, or of a version at its registry.
 * @throws PrompdError ENOMANIFEST, EMANIFEST, ENOTFOUND, ENOVERSION, EIO
 */
export async function makeFeatReport(
  context: Context,
  { target, format, output }: FeatReportOptions,
): Promise<FeatReportResult> {
  const isFolder = !target.startsWith('@') && (await manifestFile(context, target)) !== undefined;
  const report = isFolder ? await ofFolder(context, target) : await ofRegistry(context, target);
  const text = format === 'html' ? reportHtml(report) : reportMarkdown(report);
  if (output !== undefined) await writeOutput(context, output, text);
  return { report, format, text, output };
}

async function ofFolder(context: Context, target: string): Promise<FeatReport> {
  const { manifest } = await openFeatFolder(context, target);
  return featReport({ manifest, approvals: [], now: context.now() });
}

async function ofRegistry(context: Context, target: string): Promise<FeatReport> {
  const { name, selector = { kind: 'tag', raw: 'latest' } } = parsePackageTarget(target);
  const now = context.now();
  const waiting = selector.kind === 'version' ? await waitingVersion(context, name, selector.raw) : undefined;
  if (waiting) return featReport({ ...waiting, now });
  return withSuppliers(context, { dir: context.cwd, lockfile: undefined }, async suppliers => {
    const published = publishedPackages(context, suppliers);
    const { manifest } = await openPublished(name, selector, { published, exotics: suppliers.exotics });
    const { versions } = await published.packument(name);
    const integrity = versions.get(manifest.version)?.dist.integrity;
    const approvals = await approvalsOf(context, name, manifest.version);
    const [last] = approvals;
    return featReport({
      manifest,
      integrity,
      tier: last && isTier(last.tier) ? last.tier : undefined,
      approvals: approvals.map(reported),
      now,
    });
  });
}

/** A version that is there for its reviewers and authors alone. */
async function waitingVersion(context: Context, name: PackageName, version: string) {
  const [request] = await approvalsOf(context, name, version);
  if (request?.state !== 'pending' || request.kind !== 'publication') return undefined;
  const registry = await openForReading(context, name);
  const details = await registry.governance.approval(request.id);
  const { manifest } = await reviewedArchive(context, registry, details);
  const tier = isTier(details.tier) ? details.tier : undefined;
  return { manifest, integrity: details.integrity, tier, approvals: [reported(details)] };
}

/** None where the user may see none, and where the registry has no such thing. */
async function approvalsOf(
  context: Context,
  name: PackageName,
  version: string,
): Promise<readonly Approval[]> {
  const registry = await openForReading(context, name);
  try {
    return await registry.governance.approvals({ package: name, version });
  } catch (error) {
    if (error instanceof PrompdError && NO_APPROVALS.includes(error.code)) return [];
    throw error;
  }
}

const NO_APPROVALS: readonly string[] = [
  'EAUTH',
  'EFORBIDDEN',
  'EUNSUPPORTED',
  'ENOTFOUND',
  'EBADRESPONSE',
  'EANSWERLIMIT',
  'EREDIRECT',
  'EREGISTRY',
];

const SAID = { approve: 'approved', decline: 'declined' } as const;

function reported({ decisions, ...approval }: Approval): ReportApproval {
  return {
    ...approval,
    status: `${approval.kind} ${approval.state}`,
    decisions: decisions.map(({ decision, function: role = 'approver', ...one }) => ({
      ...one,
      function: role,
      decision: SAID[decision],
    })),
  };
}
