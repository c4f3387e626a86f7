import { parentPort } from 'node:worker_threads';
import {
  checkPackageManifest,
  isPackageName,
  MANIFEST_FILE,
  parseDependency,
  type Selector,
} from 'prompd/core';
import type { PromptPackage } from 'prompd/prompt';
import { readArchive } from 'prompd/tarball';
import { surveyPrompts, type TestTarget } from 'prompd/testing';
import { RequestError } from '../domain/problem-document.js';
import type { SuiteArchive } from '../ports/suite-runner.js';
import { sentError } from './check-message.js';
import type { FromSuite, ToSuite } from './suite-message.js';

// The program of a thread that reads one package, or runs its tests, and then ends.
const waiting = new Map<number, (archive: SuiteArchive | undefined) => void>();
/** Archives asked for so far. */
let asked = 0;
const say = (message: FromSuite) => parentPort?.postMessage(message);
/** Milliseconds between two signs of life: what keeps the thread from giving them is no use of a model. */
const ALIVE = 1_000;

parentPort?.on('message', (message: ToSuite) => {
  if (message.kind === 'archive') {
    waiting.get(message.id)?.(message.archive);
    waiting.delete(message.id);
    return;
  }
  void work(message).catch((error: unknown) => say({ kind: 'error', error: sentError(error) }));
});
setInterval(() => say({ kind: 'alive' }), ALIVE).unref();
say({ kind: 'ready' });

async function work(message: Exclude<ToSuite, { kind: 'archive' }>): Promise<void> {
  const target = await targetOf(message.archive);
  if (message.kind === 'survey') {
    say({ kind: 'surveyed', surveys: await surveyPrompts(target) });
    return;
  }
  // Only what asks models is loaded with what asks them.
  const { runTests } = await import('./suite-tests.js');
  const { models, prompts, settings } = message;
  const onProgress = (done: number, total: number) => say({ kind: 'progress', done, total });
  say({ kind: 'report', report: await runTests(target, { models, prompts, settings, onProgress }) });
}

async function targetOf(archive: SuiteArchive): Promise<TestTarget> {
  const { manifest, owner } = await open(archive);
  return { title: owner.label, manifest, owner };
}

async function open({ name, version, bytes }: SuiteArchive) {
  const contents = await readArchive(bytes);
  const text = contents.files.get(MANIFEST_FILE);
  const { manifest } = checkPackageManifest(new TextDecoder().decode(text));
  if (!manifest) {
    throw new RequestError('EMANIFEST', `The manifest of ${name}@${version} cannot be read any more.`);
  }
  const id = `${name}@${version}`;
  const opened = new Map<string, Promise<PromptPackage | undefined>>();
  const owner: PromptPackage = {
    id,
    name,
    version,
    label: id,
    prompts: manifest.prompts ?? {},
    main: manifest.main,
    models: manifest.models,
    read: path => contents.read(path),
    dependency(asked) {
      const value = manifest.dependencies?.[asked];
      const known = opened.get(asked) ?? (value === undefined ? undefined : openDependency(asked, value));
      if (known) opened.set(asked, known);
      return known ?? Promise.resolve(undefined);
    },
  };
  return { manifest, owner };
}

async function openDependency(asked: string, value: string): Promise<PromptPackage | undefined> {
  const target = isPackageName(asked) ? parseDependency(asked, value).target : undefined;
  if (target?.kind !== 'registry') return undefined;
  const archive = await need(target.name, target.selector);
  // It goes by the name under which it is asked for.
  return archive && { ...(await open(archive)).owner, name: asked };
}

function need(name: string, selector: Selector): Promise<SuiteArchive | undefined> {
  const id = asked++;
  return new Promise(resolve => {
    waiting.set(id, resolve);
    say({ kind: 'need', id, name, selector });
  });
}
