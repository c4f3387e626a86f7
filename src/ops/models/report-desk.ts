import { PrompdError } from '../../core/errors.js';
import { parsePackageName } from '../../core/name.js';
import type { TestReport } from '../../models/index.js';
import type { CompatibilityReceipt, Registry, TestedTarget } from '../../registry/index.js';
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
 * version is published or waits for approval, and its tests are those that are about to run.
 * @param request for approval of the version, where it waits for that
 * @throws PrompdError EAUTH, ENOVERSION, ENOTFOUND, EUNSUPPORTED; EUSAGE for a package without name or version, and for
 *   tests that are not those of the version
 */
export async function openReportDesk(
  context: Context,
  plan: TestPlan,
  request?: string,
): Promise<ReportDesk> {
  const { name: raw, version } = plan.target.manifest;
  if (raw === undefined || version === undefined) {
    throw new PrompdError('EUSAGE', 'Only a package with a name and a version can be reported about.', {
      hint: 'Publish it, then test it with "--publish".',
    });
  }
  const name = parsePackageName(raw);
  const registry = await openForChange(context, name);
  const of: TestedTarget = request === undefined ? { name, selector: version } : { request };
  await assertSameTests(registry, plan, { of, subject: `${name}@${version}` });
  return {
    send: async ({ models }) => ({
      registry: registry.url,
      ...(await registry.compatibility.report(of, models)),
    }),
  };
}

async function assertSameTests(
  registry: Registry,
  { models }: TestPlan,
  { of, subject }: { of: TestedTarget; subject: string },
): Promise<void> {
  const matrix = await registry.compatibility.matrix(of);
  if (!matrix) {
    throw new PrompdError('EUNSUPPORTED', `${registry.url} keeps no reports about models.`, {
      facts: { registry: registry.url },
    });
  }
  const found = `${matrix.package}@${matrix.version}`;
  if (found !== subject) {
    throw new PrompdError('EUSAGE', `What waits there is ${found}, and what is here is ${subject}.`, {
      facts: { there: found, here: subject },
      hint: 'Name the request for approval of this very version: "prompd approvals list" shows them.',
    });
  }
  const suites = new Map(matrix.prompts.map(({ prompt, suite }) => [prompt, suite]));
  for (const { prompt, suiteDigest } of models.flatMap(({ cases }) => cases)) {
    if (suites.get(prompt) === suiteDigest) continue;
    throw new PrompdError('EUSAGE', `The tests of "${prompt}" here are not those of ${subject}.`, {
      facts: { package: subject, prompt },
      hint: 'Publish what you have as a new version first, or test the installed package by its name.',
    });
  }
}
