import type { PackageManifest } from 'prompd/core';
import type { ModelReport, PromptEvidence } from 'prompd/models';
import { evidenceOf } from 'prompd/models';
import { variantPath } from 'prompd/prompt';
import type { PromptSurvey } from 'prompd/testing';
import { RequestError } from './problem-document.js';

/**
 * What a user's own run says, held against what the registry has: the digests must be those of the version, and every
 * test of a prompt must be there, with all of its runs and statements. Verdicts and scores are computed anew.
 * @param report its `status`, `verdict` and `score` count for nothing
 * @throws RequestError EBADREQUEST that names what differs
 */
export function checkedEvidence(
  report: ModelReport,
  manifest: PackageManifest,
  surveys: readonly PromptSurvey[],
): readonly PromptEvidence[] {
  const evidence = evidenceOf(report);
  for (const one of evidence) {
    const survey = surveys.find(({ id }) => id === one.prompt);
    if (!survey) throw differs(`there is no prompt "${one.prompt}" in this version`);
    const { provider, asked } = one;
    const variant = variantPath(manifest.models, one.prompt, { provider, model: asked });
    const digest =
      variant === undefined ? survey.digest : survey.variants.find(({ file }) => file === variant)?.digest;
    if (one.tests.some(({ promptDigest }) => promptDigest !== digest)) {
      throw differs(`what was tested is not the prompt "${one.prompt}" of this version`);
    }
    if (one.tests.some(({ suiteDigest }) => suiteDigest !== survey.suite)) {
      throw differs(`the tests that ran are not those of the prompt "${one.prompt}" in this version`);
    }
    checkTests(one, manifest);
  }
  return evidence;
}

function checkTests({ prompt, tests }: PromptEvidence, manifest: PackageManifest): void {
  const wanted = (manifest.tests ?? []).filter(test => test.prompt === prompt);
  if (wanted.length !== tests.length) throw differs(`not every test of "${prompt}" ran once`);
  for (const [index, test] of wanted.entries()) {
    const ran = tests[index];
    const where = `the test "${test.name}" of "${prompt}"`;
    if (ran?.name !== test.name) throw differs(`${where} is missing, or not in its place`);
    if (ran.runs.length < (test.runs ?? 1)) throw differs(`${where} takes ${test.runs ?? 1} runs`);
    for (const { status, assertions, model } of ran.runs) {
      if (status !== 'passed') continue;
      const types = assertions.map(({ type }) => type).join();
      const holds = assertions.every(({ passed }) => passed);
      if (model === undefined || !holds || types !== test.assert.map(({ type }) => type).join()) {
        throw differs(`${where} is said to have passed, and its statements do not show that`);
      }
    }
  }
}

function differs(what: string): RequestError {
  return new RequestError('EBADREQUEST', `The report is not about this version: ${what}.`, {
    hint: 'Run "prompd test" on the files of the version that is published.',
  });
}
