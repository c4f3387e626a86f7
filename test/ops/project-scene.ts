import type { Context } from '#prompd/ops/context.js';
import { install } from '#prompd/ops/install/install.js';
import { testContext } from '../support/context.js';
import type { TestRegistry } from '../support/registry.js';
import type { Teardown } from '../support/temp.js';
import { locked, makeScene, type Scene } from './scene.js';

/** A project whose operations a test calls itself, and a registry that gets new versions in the course of it. */
export interface ProjectScene extends Scene {
  readonly context: Context;
  /** What was warned of. */
  readonly warnings: readonly string[];
  /** The lockfile's packages, as `name@version`. */
  locked(): string[];
  /** Another version of a package, with prompts that each take the given parameters. */
  publish(spec: string, content?: Published): Promise<void>;
}

export interface Published {
  readonly dependencies?: Readonly<Record<string, string>>;
  /** Prompt id to parameter lines, as `word: required`. */
  readonly prompts?: Readonly<Record<string, readonly string[]>>;
}

export interface ProjectSceneOptions {
  readonly manifest: unknown;
  readonly home?: string;
}

/** Makes a project of its own; call `install` on its context to lock what the registry has by then. */
export async function makeProject(
  t: Teardown,
  registry: TestRegistry,
  options: ProjectSceneOptions,
): Promise<ProjectScene> {
  const scene = makeScene(t, registry.url, options);
  const warnings: string[] = [];
  const plain = await testContext({ cwd: scene.dir, home: scene.home, env: scene.env });
  const context = {
    ...plain,
    progress: { ...plain.progress, warn: (message: string) => void warnings.push(message) },
  };
  return {
    ...scene,
    context,
    warnings,
    locked: () => locked(scene.read('prompd-lock.json')),
    publish: (spec, content) => publish(registry, spec, content),
  };
}

/** Publishes `name@version`. */
export async function publish(
  registry: TestRegistry,
  spec: string,
  { dependencies = {}, prompts = {} }: Published = {},
): Promise<void> {
  const at = spec.lastIndexOf('@');
  const manifest = { name: spec.slice(0, at), version: spec.slice(at + 1), dependencies };
  const files = Object.fromEntries(
    Object.entries(prompts).map(([id, parameters]) => [`${id}.prompd`, promptOf(id, parameters)]),
  );
  const ids = Object.fromEntries(Object.keys(prompts).map(id => [id, `${id}.prompd`]));
  await registry.publish({ ...manifest, prompts: ids }, files);
}

/** A project that has installed what its manifest asks for. */
export async function installed(
  t: Teardown,
  registry: TestRegistry,
  manifest: unknown,
): Promise<ProjectScene> {
  const scene = await makeProject(t, registry, { manifest });
  await install(scene.context);
  return scene;
}

function promptOf(id: string, parameters: readonly string[]): string {
  const definitions = parameters.map(line => {
    const [name = '', required = ''] = line.split(': ');
    return `  - name: ${name}\n    type: string\n    required: ${required === 'required'}\n`;
  });
  const uses = parameters.map(line => `{{ ${line.split(': ')[0]} | default("") }}`).join(' ');
  return `---\nname: ${id}\nversion: 1.0.0\nparameters:${definitions.length === 0 ? ' []\n' : `\n${definitions.join('')}`}---\n\n# User\n\nSay ${uses}.\n`;
}
