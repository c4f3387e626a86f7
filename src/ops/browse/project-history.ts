import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { PrompdError } from '../../core/errors.js';
import { MANIFEST_FILE } from '../../core/manifest.js';
import { systemCode } from '../../core/system-code.js';
import { readLockfileText, restoreLockfileText } from '../../lockfile/index.js';
import type { Context } from '../context.js';
import { withProjectLock } from '../project/project-lock.js';

/** The two files that say what a project has; undefined where one is not there. */
interface ProjectTexts {
  readonly manifest: string | undefined;
  readonly lockfile: string | undefined;
}

interface Step {
  readonly label: string;
  readonly before: ProjectTexts;
  readonly after: ProjectTexts;
}

/** Changes that are remembered. */
const MAX_STEPS = 50;

/** What was changed in a project since the browser was opened, to be taken back one after the other. */
export class ProjectHistory {
  readonly #dir: string;
  readonly #steps: Step[] = [];

  /** @param dir absolute */
  constructor(dir: string) {
    this.#dir = dir;
  }

  /** What would be taken back; undefined for nothing. */
  last(): string | undefined {
    return this.#steps.at(-1)?.label;
  }

  /** Makes a change and remembers it. @returns what it gave, and whether the project is another than before */
  async make<T>(label: string, change: () => Promise<T>): Promise<{ result: T; changed: boolean }> {
    const before = await textsOf(this.#dir);
    const result = await change();
    const after = await textsOf(this.#dir);
    const changed = !same(before, after);
    if (changed) this.#steps.push({ label, before, after });
    if (this.#steps.length > MAX_STEPS) this.#steps.shift();
    return { result, changed };
  }

  /**
   * Puts the files back as they were before the last change.
   * @returns what was taken back, and whether the project has a lockfile now
   * @throws PrompdError EUSAGE when there is nothing to take back, or something else changed the project since
   */
  async takeBack(context: Context): Promise<{ readonly label: string; readonly locked: boolean }> {
    const step = this.#steps.at(-1);
    if (!step) throw new PrompdError('EUSAGE', 'There is nothing to take back.');
    const dir = this.#dir;
    await withProjectLock(context, { dir }, async () => {
      if (!same(await textsOf(dir), step.after)) {
        this.#steps.length = 0;
        throw new PrompdError(
          'EUSAGE',
          'The project was changed by something else since: nothing was taken back.',
          {
            facts: { folder: dir },
            hint: 'Look at the changes, as with "git diff".',
          },
        );
      }
      await restoreManifest(dir, step.before.manifest);
      await restoreLockfileText(dir, step.before.lockfile);
    });
    this.#steps.pop();
    return {
      label: step.label,
      locked: step.before.manifest !== undefined && step.before.lockfile !== undefined,
    };
  }
}

async function textsOf(dir: string): Promise<ProjectTexts> {
  const [manifest, lockfile] = await Promise.all([
    readFile(path.join(dir, MANIFEST_FILE), 'utf8').catch((error: unknown) => {
      if (systemCode(error) === 'ENOENT') return undefined;
      throw error;
    }),
    readLockfileText(dir),
  ]);
  return { manifest, lockfile };
}

async function restoreManifest(dir: string, text: string | undefined): Promise<void> {
  const file = path.join(dir, MANIFEST_FILE);
  if (text === undefined) await rm(file, { force: true });
  else await writeFileAtomic(file, text);
}

function same(one: ProjectTexts, other: ProjectTexts): boolean {
  return one.manifest === other.manifest && one.lockfile === other.lockfile;
}
