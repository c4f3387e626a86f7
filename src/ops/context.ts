import type { Readable, Writable } from 'node:stream';
import type { Config } from '../config/config.js';
import type { Clock } from '../core/clock.js';
import type { Progress } from '../core/progress.js';
import type { Version } from '../core/version.js';

/** Digests of what an install decides by, SHA-256 in hex. */
export interface InstallInputs {
  /** Of everything but the lockfile. */
  readonly beside: string;
  /** Of everything; undefined where there is no lockfile. */
  readonly all: string | undefined;
}

/** All that an operation may know of the world around it. `cli/` makes it from the process, tests make their own. */
export interface Context {
  /** Absolute path that relative paths start from. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly config: Config;
  readonly now: Clock;
  readonly progress: Progress;
  /** This prompd's own version, for `engines.prompd` and the user agent. */
  readonly version: Version;
  /** Of the Node.js that runs it, without the "v"; absent where nobody asks. */
  readonly nodeVersion?: string;
  /** All of standard input, for commands that take a secret or a document from it. */
  readStdin(): Promise<string>;
  /**
   * Puts a question to the user and gives back the line they type, without its line feed. Absent when nobody is there to
   * answer. Throws PrompdError ECANCELLED when they stop instead.
   */
  readonly ask?: ((question: string) => Promise<string>) | undefined;
  /**
   * What an install decides by, when the program began; see `ops/install/install-inputs.ts`. Absent for
   * commands that are no installs, and where flags say more than the files.
   */
  readonly installInputs?: InstallInputs | undefined;
  /** false: as if no package were linked into a project. */
  readonly links?: boolean;
  /** A one-time password for registries that ask for one, as it came with the command. */
  readonly oneTimePassword?: string | undefined;
  /** As `ask`, for what nobody may read over the user's shoulder. */
  readonly askSecret?: ((question: string) => Promise<string>) | undefined;
  /**
   * Standard output for a result that is shown while it arrives; absent under `--json`. On a terminal, `write` takes out
   * what would move its cursor.
   */
  readonly stdout?: { readonly terminal: boolean; readonly write: (text: string) => void } | undefined;
  /** Standard input and output as they are, for protocols that are spoken over them; absent under `--json`. */
  readonly streams?: { readonly input: Readable; readonly output: Writable } | undefined;
  /** The terminal, for commands that draw on it. Absent when there is none that can be drawn on, or nobody in front of it. */
  readonly screen?: Screen | undefined;
  /** Resolves when the user asks a long-running command to stop. */
  interrupted(): Promise<void>;
}

export interface Screen {
  readonly input: NodeJS.ReadStream;
  /** Not where results go: they must stay clean. */
  readonly output: NodeJS.WriteStream;
}
