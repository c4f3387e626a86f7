import { parentPort } from 'node:worker_threads';
import type { PackageManifest } from 'prompd/core';
import type { ArchiveContents } from 'prompd/tarball';
import { composePrompts, renderWork } from '../services/delivery/prompt-work.js';
import {
  compareFiles,
  draftProblems,
  openFiles,
  packageFindings,
  packDraft,
  promptDigests,
} from '../services/drafts/draft-work.js';
import { PACKAGE_CHECKS, PublishChecks } from '../services/publish-checks.js';
import { type Question, type Reply, sentError } from './check-message.js';

// The program of a checking thread: unpacks one archive at a time and looks at it.
const checks = new PublishChecks(PACKAGE_CHECKS);
let open: { archive: ArchiveContents; manifest: PackageManifest } | undefined;

parentPort?.on('message', async (question: Question) => {
  const reply: Reply = await answer(question).then(
    value => ({ ok: true, value }),
    (error: unknown) => ({ ok: false, error: sentError(error) }),
  );
  parentPort?.postMessage(reply);
});

// Only now is the time of the first question counted: loading all this is not the package's affair.
parentPort?.postMessage('ready');

async function answer(question: Question): Promise<Extract<Reply, { ok: true }>['value']> {
  switch (question.kind) {
    case 'read':
      open = await checks.read(question.bytes);
      return open.manifest;
    case 'check':
      if (!open) throw new Error('There is no archive to check.');
      return checks.check(open.archive, open.manifest);
    case 'forget':
      open = undefined;
      return null;
    case 'open':
      return openFiles(question.archive);
    case 'problems':
      return draftProblems(question.files);
    case 'compare':
      return compareFiles(question.before, question.after, () => new Date());
    case 'pack':
      return packDraft(question.files);
    case 'findings':
      return packageFindings(question.archive);
    case 'digests':
      return promptDigests(question.archive);
    case 'compose':
      return composePrompts(question.work);
    case 'render':
      return renderWork(question.work);
  }
}
