import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TestFn } from 'ava';
import { type CliResult, runCli, runHere } from '../support/cli.js';
import { startTestRegistry, type TestRegistry } from '../support/registry.js';
import { type Teardown, tempDir } from '../support/temp.js';

/** A registry for all tests of a file, stopped after the last. @param start how it is started */
export function sharedRegistry(
  test: TestFn,
  fill: (registry: TestRegistry) => Promise<void>,
  start: (t: Teardown) => Promise<TestRegistry> = startTestRegistry,
): () => TestRegistry {
  let registry: TestRegistry | undefined;
  const undo: (() => void | Promise<void>)[] = [];
  test.before('the registry starts', async () => {
    registry = await start({ teardown: step => void undo.push(step) });
    await fill(registry);
  });
  test.after.always('the registry stops', async () => {
    for (const step of undo.reverse()) await step();
  });
  return () => {
    if (!registry) throw new Error('the registry has not started');
    return registry;
  };
}

/** A project and a home of its own, and the command line at work in them. */
export interface Scene {
  readonly dir: string;
  readonly home: string;
  readonly env: Readonly<Record<string, string>>;
  run(...args: string[]): Promise<CliResult>;
  /** Runs, and throws what the program said when it fails. */
  good(...args: string[]): Promise<CliResult>;
  write(file: string, content: unknown): string;
  read(file: string): string;
  has(file: string): boolean;
  /** Path below `packages/` to content hash and mode, of every file in the store. */
  stored(): Record<string, string>;
}

export interface SceneOptions {
  readonly manifest?: unknown;
  readonly home?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Whether each run is a process of its own, as it is for a user: for tests of what depends on it. */
  readonly program?: boolean;
}

export function makeScene(t: Teardown, url: string, options: SceneOptions = {}): Scene {
  const root = tempDir(t);
  const dir = path.join(root, 'project');
  mkdirSync(dir);
  const home = options.home ?? path.join(root, 'home');
  const env = { PROMPD_HOME: home, PROMPD_REGISTRY: url, ...options.env };
  const run: Scene['run'] = (...args) => (options.program ? runCli : runHere)(args, { cwd: dir, env });
  const scene: Scene = {
    dir,
    home,
    env,
    run,
    async good(...args) {
      const result = await run(...args);
      if (result.code !== 0)
        throw new Error(`prompd ${args.join(' ')}: ${result.code}\n${result.stderr}${result.stdout}`);
      return result;
    },
    write(file, content) {
      const target = path.join(dir, file);
      mkdirSync(path.dirname(target), { recursive: true });
      writeFileSync(target, typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`);
      return target;
    },
    read: file => readFileSync(path.join(dir, file), 'utf8'),
    has: file => existsSync(path.join(dir, file)),
    stored: () => filesBelow(path.join(home, 'packages')),
  };
  if (options.manifest !== undefined) scene.write('prompd.json', options.manifest);
  return scene;
}

/** The packages of a lockfile's text, without the source of the default registry. */
export function locked(text: string): string[] {
  const lockfile: { packages: Record<string, unknown> } = JSON.parse(text);
  return Object.keys(lockfile.packages).map(key => key.replace(/^default\|/, ''));
}

/** A prompt that is valid and says one thing. */
export function promptText(name: string, body = 'Say {{ word }}.'): string {
  return `---\nname: ${name}\nversion: 1.0.0\nparameters:\n  - name: word\n    type: string\n    required: true\n---\n\n# User\n\n${body}\n`;
}

function filesBelow(dir: string): Record<string, string> {
  if (!existsSync(dir)) return {};
  return Object.fromEntries(
    readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => path.join(entry.parentPath, entry.name))
      .sort()
      .map(file => [
        path.relative(dir, file).split(path.sep).join('/'),
        `${(statSync(file).mode & 0o777).toString(8)} ${createHash('sha256').update(readFileSync(file)).digest('hex')}`,
      ]),
  );
}
