import { PrompdError } from '../core/errors.js';
import { EXIT, type ExitCode } from '../core/exit-codes.js';
import { parseVersion } from '../core/version.js';
import type { Context } from '../ops/context.js';
import { errorText } from '../output/error.js';
import { styleFor } from '../output/style.js';
import { beforeDoubleDash } from './double-dash.js';
import type { Surroundings } from './surroundings.js';

/** What is known when the program begins. */
interface Start {
  /** Of the program. */
  readonly version: string;
  /** As in the operations' context. */
  readonly installInputs?: Context['installInputs'];
  /** Where it reads, prints and finds its settings. */
  readonly around: Surroundings;
}

/**
 * Parses one command line, dispatches, prints, and says how to exit.
 * @param argv the words after the program's name
 */
export async function runCommandLine(argv: readonly string[], start: Start): Promise<ExitCode> {
  const { version, around } = start;
  // What the scripts of "prompd completion" ask with; it stands in no help.
  if (argv[0] === 'completion-words') {
    const { completionText } = await import('./completion-words.js');
    const words = argv.slice(argv[1] === '--' ? 2 : 1);
    around.stdout.write(await completionText(words, parseVersion(version)));
    return EXIT.ok;
  }
  const flags = beforeDoubleDash(argv);
  const json = flags.includes('--json');
  try {
    return await run(argv[0] === 'help' ? [...argv.slice(1), '--help'] : argv, { ...start, json });
  } catch (error) {
    return report(error, around, { json, verbose: flags.includes('--verbose') });
  }
}

async function run(
  argv: readonly string[],
  { version, installInputs, around, json }: Start & { json: boolean },
): Promise<ExitCode> {
  const { env, stdout } = around;
  const { parseCommandLine } = await import('./parser.js');
  const parsed = await parseCommandLine(argv, version, stdout.columns ?? 80);
  if (parsed.kind === 'print') {
    const text = parsed.text.trimEnd();
    const value = text === version ? { version } : { help: text };
    stdout.write(`${json ? JSON.stringify(value, null, 2) : text}\n`);
    return EXIT.ok;
  }
  const { makeContext } = await import('./context.js');
  const { toleratesBadConfig } = parsed.command;
  const made = await makeContext(parsed.args, around, { version: parseVersion(version), toleratesBadConfig });
  const context = { ...made, installInputs };
  const { value, text, exitCode = EXIT.ok, ended } = await parsed.command.run(parsed.args, context);
  const printed = parsed.args.json
    ? `${JSON.stringify(value, null, 2)}\n`
    : text(styleFor(coloured(stdout, env)), Boolean(stdout.isTTY));
  if (printed !== '') stdout.write(printed.endsWith('\n') ? printed : `${printed}\n`);
  await ended;
  return exitCode;
}

/** Under `--json` the error is the result; for people it is talk. */
function report(
  error: unknown,
  { env, stdout, stderr }: Surroundings,
  { json, verbose }: { json: boolean; verbose: boolean },
): ExitCode {
  const known = error instanceof PrompdError ? error : asPrompdError(error);
  if (json) stdout.write(`${JSON.stringify({ error: known }, null, 2)}\n`);
  else stderr.write(errorText(known, styleFor(coloured(stderr, env))));
  if (verbose && error instanceof Error) stderr.write(`\n${error.stack ?? error.message}\n${causes(error)}`);
  return known.exitCode;
}

/** File-system refusals are the user's to mend; everything else that is not a PrompdError is our own fault. */
function asPrompdError(error: unknown): PrompdError {
  const message = error instanceof Error ? error.message : String(error);
  const system =
    error instanceof Error && 'code' in error && 'syscall' in error ? String(error.code) : undefined;
  if (error instanceof Error && 'syscall' in error && error.syscall === 'uv_cwd')
    return new PrompdError('ENOFILE', 'The folder that you are in is gone.', {
      hint: 'Change to another folder.',
      cause: error,
    });
  return system === undefined
    ? new PrompdError('EBUG', message, {
        hint: 'Run it again with --verbose and report what it prints.',
        cause: error,
      })
    : new PrompdError('EIO', message, { facts: { reason: system }, cause: error });
}

function causes(error: Error): string {
  return error.cause instanceof Error
    ? `caused by ${error.cause.stack ?? error.cause.message}\n${causes(error.cause)}`
    : '';
}

function coloured(stream: Surroundings['stdout'], env: Surroundings['env']): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = env;
  if (NO_COLOR) return false;
  if (FORCE_COLOR) return FORCE_COLOR !== '0';
  return Boolean(stream.isTTY) && TERM !== 'dumb';
}
