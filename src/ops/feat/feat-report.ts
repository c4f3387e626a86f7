import { type FeatReport, featReport, reportHtml, reportMarkdown } from '../../feat/index.js';
import type { Context } from '../context.js';
import { withSuppliers } from '../install/suppliers.js';
import { writeOutput } from '../models/write-output.js';
import { parsePackageTarget } from '../registry/change-target.js';
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
  return withSuppliers(context, { dir: context.cwd, lockfile: undefined }, async suppliers => {
    const published = publishedPackages(context, suppliers);
    const { manifest } = await openPublished(name, selector, { published, exotics: suppliers.exotics });
    const { versions } = await published.packument(name);
    const integrity = versions.get(manifest.version)?.dist.integrity;
    return featReport({ manifest, integrity, approvals: [], now: context.now() });
  });
}
