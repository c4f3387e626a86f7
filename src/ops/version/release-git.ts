import { spawn } from 'node:child_process';
import path from 'node:path';
import { PrompdError } from '../../core/errors.js';
import { systemCode } from '../../core/system-code.js';
import type { Context } from '../context.js';

/** A file in a git work tree that a release is about. */
export interface ReleaseRepository {
  /** Absolute folder of the file. */
  readonly dir: string;
  /** Its name in that folder. */
  readonly file: string;
}

/**
 * The repository that a file belongs to.
 * @param file absolute
 * @returns undefined when there is no git, no work tree, or the repository ignores the file
 * @throws PrompdError EGIT when git has a reason of its own not to work there, such as an owner it does not trust
 */
export async function releaseRepository(
  context: Context,
  file: string,
): Promise<ReleaseRepository | undefined> {
  const repository = { dir: path.dirname(file), file: path.basename(file) };
  const inside = await probe(context, repository, ['rev-parse', '--is-inside-work-tree']);
  if (inside === undefined) return undefined;
  if (inside.code !== 0) {
    if (/not a git repository/i.test(inside.stderr)) return undefined;
    throw failed('git does not work in this folder', inside);
  }
  if (inside.stdout.trim() !== 'true') return undefined;
  const ignored = await probe(context, repository, ['check-ignore', '-q', '--', repository.file]);
  return ignored?.code === 0 ? undefined : repository;
}

/**
 * Makes sure that a release can be made, before anything is written.
 * @param force whether other changes may lie in the work tree
 * @throws PrompdError EGIT
 */
export async function checkReleasable(
  context: Context,
  repository: ReleaseRepository,
  { tag, force }: { readonly tag: string; readonly force: boolean },
): Promise<void> {
  const named = await probe(context, repository, ['check-ref-format', `refs/tags/${tag}`]);
  if (named?.code !== 0) {
    throw new PrompdError('EGIT', `"${tag}" cannot be the name of a tag.`, {
      facts: { tag },
      hint: 'Choose another "--tag-prefix".',
    });
  }
  const there = await probe(context, repository, ['rev-parse', '-q', '--verify', `refs/tags/${tag}`]);
  if (there?.code === 0) {
    throw new PrompdError('EGIT', `The tag ${tag} is there already.`, {
      facts: { tag, commit: there.stdout.trim() },
      hint: 'Choose another version, or write it without git: "--no-git".',
    });
  }
  if (force) return;
  const status = await probe(context, repository, ['status', '--porcelain', '--untracked-files=no']);
  if (status?.code !== 0) throw failed('git cannot say what is changed', status);
  const changed = status.stdout.split('\n').filter(line => line !== '');
  if (changed.length === 0) return;
  throw new PrompdError('EGIT', 'The work tree has changes that are not committed.', {
    facts: { changed: changed.slice(0, 20) },
    hint: 'Commit them first, so that the tag names what is released; "--force" takes the version along without them.',
  });
}

/**
 * Commits the file alone, whatever else is staged. The repository's hooks run, and commits are signed as the user's git
 * is set up.
 * @returns the commit's name
 * @throws PrompdError EGIT, ECANCELLED; then the index is as before
 */
export async function commitFile(
  context: Context,
  repository: ReleaseRepository,
  message: string,
): Promise<string> {
  const { file } = repository;
  const known = await probe(context, repository, ['ls-files', '--error-unmatch', '--', file]);
  const isNew = known?.code !== 0;
  try {
    if (isNew) await must(context, repository, ['add', '--', file]);
    await must(context, repository, ['commit', '-m', message, '--', file]);
  } catch (error) {
    if (isNew) await probe(context, repository, ['rm', '-q', '--cached', '--', file]);
    throw error;
  }
  const head = await probe(context, repository, ['rev-parse', 'HEAD']);
  return head?.stdout.trim() ?? '';
}

/** Tags the current commit with a message, signed as the user's git is set up. @throws PrompdError EGIT, ECANCELLED */
export async function tagCommit(
  context: Context,
  repository: ReleaseRepository,
  { tag, message }: { readonly tag: string; readonly message: string },
): Promise<void> {
  await must(context, repository, ['tag', '-m', message, '--', tag]);
}

interface Finished {
  /** null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Asks git something, in words that can be read by a program. Undefined when there is no git. */
async function probe(
  context: Context,
  repository: ReleaseRepository,
  args: readonly string[],
): Promise<Finished | undefined> {
  try {
    return await run(args, { cwd: repository.dir, env: { ...context.env, LC_ALL: 'C' } });
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Has git change something. When the user stops the command, git is stopped too, and its end awaited. */
async function must(
  context: Context,
  repository: ReleaseRepository,
  args: readonly string[],
): Promise<Finished> {
  const stop = new AbortController();
  let stopped = false;
  void context.interrupted().then(() => {
    stopped = true;
    stop.abort();
  });
  const done = await run(args, { cwd: repository.dir, env: context.env, signal: stop.signal });
  if (done.code === 0) return done;
  if (stopped) throw new PrompdError('ECANCELLED', 'The command was stopped while git was at work.');
  throw failed(`"git ${args[0] ?? ''}" failed`, done);
}

/** More than this of what git and its hooks say is not kept, in characters. */
const MAX_OUTPUT = 100_000;

function run(
  args: readonly string[],
  options: {
    readonly cwd: string;
    readonly env: Context['env'];
    readonly signal?: AbortSignal;
  },
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const { cwd, env, signal } = options;
    const child = spawn('git', args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const said = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (text: string) => {
        if (said[stream].length < MAX_OUTPUT) said[stream] += text;
      });
    }
    // A hook that goes on would hold the pipes open, and the command with them.
    const release = () => {
      child.stdout.destroy();
      child.stderr.destroy();
    };
    const stop = () => {
      child.once('exit', release).kill('SIGTERM');
    };
    signal?.addEventListener('abort', stop, { once: true });
    child.once('error', reject);
    child.once('close', code => resolve({ code, ...said }));
  });
}

function failed(what: string, done: Finished | undefined): PrompdError {
  const said = [done?.stderr, done?.stdout]
    .flatMap(text => (text ?? '').split('\n'))
    .filter(line => line.trim() !== '');
  return new PrompdError('EGIT', `${what}${said[0] === undefined ? '.' : `: ${said[0].slice(0, 300)}`}`, {
    facts: { said: said.slice(0, 20).map(line => line.slice(0, 300)) },
    hint: 'Mend what git or the hook says and run the command again; nothing was left half done.',
  });
}
