import { execFile } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { BIN } from './cli.js';

export interface GitRepository {
  readonly dir: string;
  /** Runs git; a failure is an answer like any other. */
  git(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }>;
  /** Runs git, and throws what it said when it fails. */
  good(...args: string[]): Promise<string>;
  /** Commits all there is. */
  commit(message: string): Promise<string>;
}

/**
 * A new repository on the branch "main", with an identity, without anybody's own configuration, and with `prompd` on the
 * path of what git runs.
 * @param dir absolute, there already; @param env what prompd is to see
 */
export async function makeRepository(
  dir: string,
  env: Readonly<Record<string, string>> = {},
): Promise<GitRepository> {
  const bin = path.join(`${dir}-bin`);
  mkdirSync(bin);
  symlinkSync(BIN, path.join(bin, 'prompd'));
  const environment = {
    ...env,
    HOME: bin,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'Test',
    GIT_AUTHOR_EMAIL: 'test@example.com',
    GIT_COMMITTER_NAME: 'Test',
    GIT_COMMITTER_EMAIL: 'test@example.com',
    PATH: [bin, path.dirname(process.execPath), process.env['PATH']].join(path.delimiter),
  };
  const git: GitRepository['git'] = (...args) =>
    new Promise(resolve => {
      execFile('git', args, { cwd: dir, env: environment }, (error, stdout, stderr) => {
        const code = typeof error?.code === 'number' ? error.code : error ? 1 : 0;
        resolve({ code, stdout, stderr });
      });
    });
  const good: GitRepository['good'] = async (...args) => {
    const { code, stdout, stderr } = await git(...args);
    if (code !== 0) throw new Error(`git ${args.join(' ')}: ${code}\n${stdout}${stderr}`);
    return stdout;
  };
  await good('init', '-q', '-b', 'main');
  return {
    dir,
    git,
    good,
    async commit(message) {
      await good('add', '-A');
      return good('commit', '-q', '-m', message);
    },
  };
}
