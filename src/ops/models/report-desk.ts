import { PrompdError } from '../../core/errors.js';
import { type PackageName, parsePackageName } from '../../core/name.js';
import type { TestReport } from '../../models/index.js';
import type { CompatibilityReceipt, Registry } from '../../registry/index.js';
import type { Context } from '../context.js';
import { openForChange } from '../registry/change-target.js';
import type { TestPlan } from './suite-plan.js';

/** What a registry made of a report. */
export interface ReportReceipt extends CompatibilityReceipt {
  readonly registry: string;
}

/** Where the report of a run goes. */
export interface ReportDesk {
  /** @throws PrompdError as the registry's answers are told */
  send(report: TestReport): Promise<ReportReceipt>;
}

/**
 * Makes sure, before a model is paid for its answers, that the registry takes a report about them: there is a token, the
 * version is published, and its tests are those that are about to run.
 * @throws PrompdError EAUTH, ENOVERSION, EUNSUPPORTED; EUSAGE for a package without name or version, and for tests that
 *   are not those of the published version
 */
export async function openReportDesk(context: Context, plan: TestPlan): Promise<ReportDesk> {
  const { name: raw, version } = plan.target.manifest;
  if (raw === undefined || version === undefined) {
    throw new PrompdError('EUSAGE', 'Only a package with a name and a version can be reported about.', {
      hint: 'Publish it, then test it with "--publish".',
    });
  }
  const name = parsePackageName(raw);
  const registry = await openForChange(context, name);
  await assertSameTests(registry, plan, { name, version });
  return {
    send: async ({ models }) => ({
      registry: registry.url,
      ...(await registry.compatibility.report({ name, selector: version }, models)),
    }),
  };
}

async function assertSameTests(
  registry: Registry,
  { models }: TestPlan,
  { name, version }: { name: PackageName; version: string },
): Promise<void> {
  const matrix = await registry.compatibility.matrix({ name, selector: version });
  if (!matrix) {
    throw new PrompdError('EUNSUPPORTED', `${registry.url} keeps no reports about models.`, {
      facts: { registry: registry.url },
    });
  }
  const suites = new Map(matrix.prompts.map(({ prompt, suite }) => [prompt, suite]));
  for (const { prompt, suiteDigest } of models.flatMap(({ cases }) => cases)) {
    if (suites.get(prompt) === suiteDigest) continue;
    throw new PrompdError('EUSAGE', `The tests of "${prompt}" here are not those of ${name}@${version}.`, {
      facts: { package: `${name}@${version}`, prompt },
      hint: 'Publish what you have as a new version first, or test the installed package by its name.',
    });
  }
}
