import { LRUCache } from 'lru-cache';
import { type Integrity, PrompdError, type Selector } from 'prompd/core';
import type { PromptSurvey } from 'prompd/testing';
import type { Actor } from '../domain/actor.js';
import type { TestedVersion } from '../domain/compatibility.js';
import type { PackageVersion } from '../domain/package-version.js';
import { RequestError } from '../domain/problem-document.js';
import type { SuiteRunner } from '../ports/suite-runner.js';
import type { SuiteArchives } from './suite-archives.js';

/** What was read of a version, and the dependencies that it was read with. */
interface Known {
  readonly surveys: readonly PromptSurvey[];
  readonly dependencies: readonly { name: string; selector: Selector; integrity: Integrity | undefined }[];
}

/** What it takes to read a version. */
type Archived = Pick<TestedVersion, 'version' | 'integrity'>;

const KEPT = 2000;
/** For reading one package, in milliseconds. */
const TIME = 60_000;
/** The registry as a reader of its own. Digests tell nothing of what they are of: what is not for everybody counts as well. */
export const REGISTRY_READER: Actor = {
  kind: 'token',
  tokenId: 0,
  name: 'registry',
  user: 'registry',
  scopes: ['admin'],
};

/** What the prompts of versions are known by, read once for as long as their dependencies stay. */
export class PromptSurveys {
  readonly #runner: SuiteRunner;
  readonly #archives: SuiteArchives;
  readonly #known = new LRUCache<string, Known>({ max: KEPT });
  readonly #reading = new Map<string, Promise<Known>>();

  constructor(runner: SuiteRunner, archives: SuiteArchives) {
    this.#runner = runner;
    this.#archives = archives;
  }

  /** @throws RequestError ECHECKLIMIT */
  async of(name: string, version: Archived): Promise<readonly PromptSurvey[]> {
    const key = `${name} ${version.integrity}`;
    const known = this.#known.get(key);
    if (known && (await this.#isCurrent(known))) return known.surveys;
    const reading =
      this.#reading.get(key) ?? this.#read(name, version).finally(() => this.#reading.delete(key));
    this.#reading.set(key, reading);
    const read = await reading;
    this.#known.set(key, read);
    return read.surveys;
  }

  async #isCurrent({ dependencies }: Known): Promise<boolean> {
    for (const { name, selector, integrity } of dependencies) {
      if ((await this.#find(name, selector))?.integrity !== integrity) return false;
    }
    return true;
  }

  async #read(name: string, version: Archived): Promise<Known> {
    const dependencies: { name: string; selector: Selector; integrity: Integrity | undefined }[] = [];
    const stop = new AbortController();
    const timer = setTimeout(
      () => stop.abort(new RequestError('ECHECKLIMIT', 'Reading the package takes too much time.')),
      TIME,
    );
    try {
      const surveys = await this.#runner.survey({
        archive: await this.#archives.read(name, version),
        signal: stop.signal,
        find: async (asked, selector) => {
          const found = await this.#find(asked, selector);
          dependencies.push({ name: asked, selector, integrity: found?.integrity });
          return found && this.#archives.read(asked, found);
        },
      });
      return { surveys, dependencies };
    } finally {
      clearTimeout(timer);
    }
  }

  async #find(name: string, selector: Selector): Promise<PackageVersion | undefined> {
    try {
      return await this.#archives.select(name, selector, REGISTRY_READER);
    } catch (error) {
      if (isAbsence(error)) return undefined;
      throw error;
    }
  }
}

/** Whether an error says that there is no such package or version, for who asks. */
export function isAbsence(error: unknown): boolean {
  return error instanceof PrompdError && ['ENOTFOUND', 'ENOVERSION'].includes(error.code);
}
