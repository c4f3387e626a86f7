import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ExecutionContext } from 'ava';
import { z } from 'zod';
import type { Context } from '#prompd/ops/context.js';
import { testContext } from '../../support/context.js';
import type { TestRegistry } from '../../support/registry.js';
import { type Document, startTamperingProxy, type TamperingProxy } from '../../support/tampering-proxy.js';
import { tempDir } from '../../support/temp.js';
import { promptText } from '../scene.js';

export const NAME = '@bank/kyc';

/** Two versions of a package, which the registry signs. */
export async function publishVersions({ publish }: Pick<TestRegistry, 'publish'>): Promise<void> {
  for (const version of ['1.0.0', '1.1.0'])
    await publish(
      { name: NAME, version, prompts: { ask: 'ask.prompd' } },
      { 'ask.prompd': promptText('ask', `Version ${version}: {{ word }}.`) },
    );
}

export interface Scene {
  readonly dir: string;
  readonly home: string;
  readonly proxy: TamperingProxy;
  context(at?: Date): Promise<Context>;
  config(value: unknown): void;
  projectConfig(value: unknown): void;
  stored(): boolean;
  /** Text of a file of the project; undefined where there is none. */
  read(file: string): string | undefined;
}

export interface SceneOptions {
  /** What the project asks for of the package. */
  readonly range?: string | undefined;
  /** Whose store and registry it shares. */
  readonly beside?: Pick<Scene, 'home' | 'proxy'>;
}

/** A project that asks for the package, of a registry whose answers can be changed. */
export async function signedScene(
  t: ExecutionContext,
  registry: string,
  { range = '1.0.0', beside }: SceneOptions = {},
): Promise<Scene> {
  const root = tempDir(t);
  const dir = path.join(root, 'project');
  const home = beside?.home ?? path.join(root, 'home');
  for (const folder of [dir, home]) mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(dir, 'prompd.json'), JSON.stringify({ dependencies: { [NAME]: range } }));
  const proxy = beside?.proxy ?? (await startTamperingProxy(t, registry));
  return {
    dir,
    home,
    proxy,
    context: async at => ({
      ...(await testContext({ cwd: dir, home, env: { PROMPD_REGISTRY: proxy.url } })),
      now: () => at ?? new Date(),
    }),
    config: value => writeFileSync(path.join(home, 'config.json'), JSON.stringify(value)),
    projectConfig: value => writeFileSync(path.join(dir, '.prompdrc.json'), JSON.stringify(value)),
    stored: () => existsSync(path.join(home, 'packages', '@bank')),
    read(file) {
      const found = path.join(dir, file);
      return existsSync(found) ? readFileSync(found, 'utf8') : undefined;
    },
  };
}

const versionsSchema = z.record(z.string(), z.looseObject({ dist: z.looseObject({}) }));

/** Changes what is said of each version of the package. */
export function editVersions(
  edit: (dist: Document, version: string, all: Readonly<Record<string, Document>>) => Document,
) {
  return (at: string, document: Document): Document => {
    if (at !== `/packages/${NAME}`) return document;
    const versions = versionsSchema.parse(document['versions']);
    const dists = Object.fromEntries(Object.entries(versions).map(([version, { dist }]) => [version, dist]));
    const edited = Object.entries(versions).map(([version, entry]) => [
      version,
      { ...entry, dist: edit(entry.dist, version, dists) },
    ]);
    return { ...document, versions: Object.fromEntries(edited) };
  };
}

export const unsignedVersions = editVersions(({ signatures: _, ...dist }) => dist);
