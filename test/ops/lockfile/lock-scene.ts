import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Context } from '#prompd/ops/context.js';
import { testContext } from '../../support/context.js';
import type { Teardown } from '../../support/temp.js';
import { makeScene, type Scene } from '../scene.js';

/** A project that a test works on by operations, without a process for each. */
export interface LockScene extends Scene {
  readonly context: Context;
  /** What was said on stderr so far. */
  readonly said: string[];
  lock(): string;
}

/** A project with a home of its own. @param url of its registry */
export async function makeLockScene(t: Teardown, url: string, manifest: unknown): Promise<LockScene> {
  const scene = makeScene(t, url, { manifest });
  const plain = await testContext({ cwd: scene.dir, home: scene.home, env: { PROMPD_REGISTRY: url } });
  const said: string[] = [];
  const talk = (text: string) => void said.push(text);
  return {
    ...scene,
    context: { ...plain, progress: { ...plain.progress, info: talk, warn: talk } },
    said,
    lock: () => readFileSync(path.join(scene.dir, 'prompd-lock.json'), 'utf8'),
  };
}
