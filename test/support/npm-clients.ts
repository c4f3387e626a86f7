import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { type Teardown, tempDir } from './temp.js';

const require = createRequire(import.meta.url);

export interface ClientRun {
  readonly code: number;
  /** What it wrote, on both streams. */
  readonly output: string;
}

export interface RunOptions {
  /** Below the client's folder; made when it is missing. */
  readonly cwd?: string;
  /** What it is asked, and what it is answered; each once, in this order. */
  readonly answers?: readonly (readonly [question: RegExp, answer: string])[];
  readonly env?: Readonly<Record<string, string>>;
  /** Called with all that was written so far, each time that something was. */
  readonly onOutput?: (output: string) => void;
}

/** A client of npm's protocol with a home, a cache and a configuration of its own. */
export interface NpmClient {
  readonly home: string;
  run(args: readonly string[], options?: RunOptions): Promise<ClientRun>;
  /** The same; fails unless it succeeds. */
  expect(args: readonly string[], options?: RunOptions): Promise<string>;
  /** Writes files into a folder below the client's. */
  write(folder: string, files: Readonly<Record<string, string>>): void;
  /** Signs in by a token, or out. */
  use(token: string | undefined): void;
}

export interface ClientOptions {
  /** The registry, without `/npm/`. */
  readonly url: string;
  readonly token: string | undefined;
}

/** The npm that came with this node. */
export function npmClient(t: Teardown, options: ClientOptions): NpmClient {
  const npm = realpathSync(path.join(path.dirname(process.execPath), 'npm'));
  return client(t, [process.execPath, npm], options);
}

export function pnpmClient(t: Teardown, options: ClientOptions): NpmClient {
  return client(
    t,
    [process.execPath, path.join(path.dirname(require.resolve('pnpm')), 'bin/pnpm.cjs')],
    options,
  );
}

export function bunClient(t: Teardown, options: ClientOptions): NpmClient {
  const own = path.dirname(require.resolve('bun/package.json'));
  const folder = path.join(own, '../@oven');
  const windows = process.platform === 'win32' ? '.exe' : '';
  const platforms = (existsSync(folder) ? readdirSync(folder) : [])
    .filter(name => name.startsWith(`bun-${process.platform}-`))
    .map(name => path.join(folder, name, 'bin', `bun${windows}`));
  // Its install script moves the program there, on every system; without scripts there is a text in its place.
  const found = [...platforms, path.join(own, 'bin', 'bun.exe')].find(isProgram);
  if (found === undefined) throw new Error(`npm installed no bun for ${process.platform} in ${folder}`);
  return client(t, [found], options);
}

function isProgram(file: string): boolean {
  return existsSync(file) && statSync(file).size > 1024 * 1024;
}

function client(t: Teardown, program: readonly string[], { url, token }: ClientOptions): NpmClient {
  const home = tempDir(t);
  const { host } = new URL(url);
  const use = (secret: string | undefined) =>
    writeFileSync(
      path.join(home, '.npmrc'),
      [
        `registry=${url}/npm/`,
        ...(secret === undefined ? [] : [`//${host}/npm/:_authToken=${secret}`]),
        'audit=false',
        'fund=false',
        'update-notifier=false',
        'fetch-retries=0',
        '',
      ].join('\n'),
    );
  use(token);
  const [command = '', ...first] = program;
  const run: NpmClient['run'] = (args, { cwd = '.', answers = [], env = {}, onOutput } = {}) => {
    const folder = path.join(home, cwd);
    mkdirSync(folder, { recursive: true });
    const child = spawn(command, [...first, ...args], { cwd: folder, env: { ...environment(home), ...env } });
    const open = [...answers];
    let output = '';
    let seen = 0;
    const read = (piece: Buffer) => {
      output += piece.toString('utf8');
      onOutput?.(output);
      const [question, answer] = open[0] ?? [];
      if (!question?.test(output.slice(seen))) return;
      open.shift();
      seen = output.length;
      child.stdin.write(`${answer}\n`);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.stdin.on('error', () => undefined);
    if (open.length === 0) child.stdin.end();
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', code => resolve({ code: code ?? -1, output }));
    });
  };
  return {
    home,
    run,
    use,
    async expect(args, options) {
      const { code, output } = await run(args, options);
      if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}:\n${output}`);
      return output;
    },
    write(folder, files) {
      mkdirSync(path.join(home, folder), { recursive: true });
      for (const [name, content] of Object.entries(files)) {
        writeFileSync(path.join(home, folder, name), content);
      }
    },
  };
}

/** Nothing of the machine's own configuration of npm, and no settings of a build server. */
function environment(home: string): NodeJS.ProcessEnv {
  const { SystemRoot } = process.env;
  return {
    HOME: home,
    USERPROFILE: home,
    XDG_CACHE_HOME: path.join(home, '.cache'),
    XDG_CONFIG_HOME: path.join(home, '.config'),
    XDG_DATA_HOME: path.join(home, '.local'),
    XDG_STATE_HOME: path.join(home, '.state'),
    PATH: [path.dirname(process.execPath), process.env['PATH']].join(path.delimiter),
    NO_COLOR: '1',
    BUN_INSTALL_CACHE_DIR: path.join(home, '.bun-cache'),
    ...(SystemRoot === undefined ? {} : { SystemRoot }),
  };
}
