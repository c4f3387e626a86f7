import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { PrompdError } from '../../core/errors.js';
import type { Context } from '../context.js';

const run = promisify(execFile);

/**
 * Runs git in the context's folder.
 * @returns what it printed, without the last line end
 * @throws PrompdError EGIT when there is no git, or it fails
 */
export async function git(
  { cwd, env }: Pick<Context, 'cwd' | 'env'>,
  args: readonly string[],
): Promise<string> {
  try {
    const { stdout } = await run('git', args, { cwd, env: { ...env, LC_ALL: 'C' } });
    return stdout.replace(/\r?\n$/, '');
  } catch (cause) {
    const said: unknown =
      typeof cause === 'object' && cause !== null ? Reflect.get(cause, 'stderr') : undefined;
    const reason = typeof said === 'string' && said.trim() !== '' ? said.trim() : String(cause);
    throw new PrompdError('EGIT', `"git ${args[0] ?? ''}" failed: ${reason.split('\n')[0]?.slice(0, 300)}`, {
      facts: { folder: cwd },
      cause,
    });
  }
}
