import type { Argv } from 'yargs';
import type { ExitCode } from '../core/exit-codes.js';
import type { Context } from '../ops/context.js';
import type { Style } from '../output/style.js';

/** Flags that every command takes. */
export interface GlobalOptions {
  readonly json: boolean;
  readonly verbose: boolean;
  readonly quiet: boolean;
  /** Folder to work in, as typed. */
  readonly cwd: string | undefined;
  /** Address of the default registry, as typed. */
  readonly registry: string | undefined;
}

/** What a command gives back; `cli/` prints the one form that was asked for. */
export interface Outcome {
  /** The result as data: all that is printed under `--json`. */
  readonly value: unknown;
  /**
   * The result for people; '' prints nothing. On a terminal, text from packages must have lost its control characters;
   * elsewhere (a file, a pipe) it may be kept byte for byte.
   */
  readonly text: (style: Style, terminal: boolean) => string;
  /** 0 unless the result itself is a failure, as with a file that does not validate. */
  readonly exitCode?: ExitCode;
  /** For a command that keeps running after its result was printed: resolves when it is over. */
  readonly ended?: Promise<void>;
}

/** One command: its flags, and the one operation it calls. */
export interface Command<Args extends GlobalOptions = GlobalOptions> {
  options(yargs: Argv<GlobalOptions>): Argv<Args>;
  /** Long names of the flags that may be given several times: of any other flag the last one counts. */
  readonly repeatable?: readonly string[];
  /** Runs also when the configuration cannot be used, with the defaults in its place: to look at it, or to mend it. */
  readonly toleratesBadConfig?: boolean;
  run(args: Args, context: Context): Promise<Outcome>;
}

/** Forgets which flags a command has, so that the table can hold them all. */
export function defineCommand<Args extends GlobalOptions>({ options, run, ...rest }: Command<Args>): Command {
  return {
    ...rest,
    options: (yargs: Argv<GlobalOptions>): Argv<GlobalOptions> => options(yargs),
    // yargs parsed them with the options of this very command.
    run: (args, context) => run(args as Args, context),
  };
}
