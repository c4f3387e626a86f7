import { LRUCache } from 'lru-cache';
import type { PackageName, Selector } from 'prompd/core';
import semver from 'semver';
import { type Actor, viewerOf } from '../domain/actor.js';
import type { PackageBatch, PackageRevision } from '../ports/package-batch.js';
import type { Mirror } from './mirror.js';
import { PacedWork } from './paced-work.js';
import { packumentTag } from './packument-tag.js';
import { type Requirement, type ResolvablePackument, resolvablePackument } from './resolvable-packument.js';

/** What a client is about to resolve. */
export interface ClosureRequest {
  readonly actor: Actor;
  /** What is no requirement is undefined. Each takes time to be read, so they are read one by one. */
  readonly roots: Iterable<Requirement | undefined>;
  /** Package name to versions that stay: what they meet is not followed, as the client knows it already. */
  readonly locked: ReadonlyMap<string, readonly string[]>;
  readonly baseUrl: string;
  /** Most packuments that are found. */
  readonly maxPackuments: number;
  /** Longest work for the answer, in milliseconds. */
  readonly maxWork: number;
}

/** Memory for packuments in the short form, in bytes. */
const MAX_BYTES = 64 * 1024 * 1024;
/** Requirements that one request may lead to. */
const MAX_REQUIREMENTS = 200_000;

/** Finds the packuments that a resolution will need: those that any version which may be chosen leads to. */
export class PackumentClosure {
  readonly #packages: PackageBatch;
  readonly #mirror: Pick<Mirror, 'prepare'>;
  readonly #packuments = new LRUCache<string, ResolvablePackument>({
    maxSize: MAX_BYTES,
    sizeCalculation: ({ line }, key) => line.text.length + line.deflated.length + key.length,
  });

  constructor(packages: PackageBatch, mirror: Pick<Mirror, 'prepare'>) {
    this.#packages = packages;
    this.#mirror = mirror;
  }

  /**
   * The packuments level by level, each once. What is not there, or not for the actor to see, is absent.
   * @returns whether that is all of them
   */
  async *walk(request: ClosureRequest): AsyncGenerator<readonly ResolvablePackument[], boolean> {
    const { roots, locked, maxPackuments } = request;
    const work = new PacedWork(request.maxWork);
    const found = new Map<PackageName, ResolvablePackument | undefined>();
    const followed = new Set<string>();
    const isLocked = lockTest(locked);
    let open: Requirement[] = [];
    for (const root of roots) {
      if (root) open.push(root);
      if (work.isDue && !(await work.pause())) return false;
    }
    while (open.length > 0) {
      const names = [...new Set(open.map(({ name }) => name))].filter(name => !found.has(name));
      if (found.size + names.length > maxPackuments) return false;
      const level = await this.#load(names, request);
      for (const name of names) found.set(name, undefined);
      for (const packument of level) found.set(packument.name, packument);
      if (level.length > 0) yield level;
      work.resume();
      const next: Requirement[] = [];
      for (const { name, selector } of open) {
        const id = `${name} ${selector.kind} ${selector.raw}`;
        if (followed.has(id)) continue;
        followed.add(id);
        if (followed.size > MAX_REQUIREMENTS) return false;
        if (work.isDue && !(await work.pause())) return false;
        for (const requirement of found.get(name)?.requirements(selector) ?? []) {
          if (!isLocked(requirement)) next.push(requirement);
          if (work.isDue && !(await work.pause())) return false;
        }
      }
      open = next;
    }
    return true;
  }

  async #load(
    names: readonly PackageName[],
    { actor, baseUrl }: ClosureRequest,
  ): Promise<readonly ResolvablePackument[]> {
    if (names.length === 0) return [];
    await this.#mirror.prepare(names, actor);
    const rows = await this.#packages.revisions(names, { viewer: viewerOf(actor) });
    const keyOf = ({ id, revision }: PackageRevision) => `${id} ${revision} ${baseUrl}`;
    const ready = rows.map(row => this.#packuments.get(keyOf(row)));
    const absent = rows.filter((_row, at) => ready[at] === undefined);
    const read = await this.#packages.resolvable(absent.map(({ id }) => id));
    const made = read.map(found => {
      const packument = resolvablePackument(found, packumentTag(found, baseUrl));
      this.#packuments.set(keyOf(found), packument);
      return packument;
    });
    return [...ready.filter(packument => packument !== undefined), ...made];
  }
}

function lockTest(locked: ClosureRequest['locked']): (requirement: Requirement) => boolean {
  const known = new Map<string, boolean>();
  return ({ name, selector }) => {
    const versions = locked.get(name);
    if (versions === undefined) return false;
    const key = `${name} ${selector.kind} ${selector.raw}`;
    const answer = known.get(key) ?? versions.some(version => meets(version, selector));
    known.set(key, answer);
    return answer;
  };
}

/** What a tag stood for when it was locked is the lock's to say. */
function meets(version: string, { kind, raw }: Selector): boolean {
  return kind === 'tag' || (kind === 'version' ? semver.eq(version, raw) : semver.satisfies(version, raw));
}
