import type { InstallInputs } from '../ops/context.js';
import { installInputs } from '../ops/install/install-inputs.js';
import { countInPlace } from '../ops/install/repeat-install.js';
import { ciResult, unchanged } from '../ops/install/unchanged.js';
import { ciText, nothingToDoText } from '../output/locked-install.js';

/** What a command line that installs came to before anything was loaded for it. */
export interface Repeat {
  /** What to print; undefined when the command has to run. */
  readonly printed?: string | undefined;
  /** For the context of the command that runs. */
  readonly inputs?: InstallInputs | undefined;
}

/**
 * Answers an install that repeats an earlier one, as the command itself would.
 * @param argv the words after the program's name, of which the first says that it is an install
 */
export function repeatInstall(argv: readonly string[], version: string): Repeat {
  const form = formOf(argv);
  if (!form) return {};
  const world = { cwd: process.cwd(), env: process.env, version, nodeVersion: process.versions.node };
  const inputs = installInputs(world);
  if (inputs?.all === undefined) return { inputs };
  const total = countInPlace(world, inputs.all, { locked: form.locked });
  if (total === undefined) return { inputs };
  const counts = { total, fetched: 0 };
  const value = form.ci ? ciResult(world.cwd, counts) : unchanged(world.cwd, counts);
  const text = form.ci ? ciText(ciResult(world.cwd, counts)) : nothingToDoText(total);
  return { printed: form.json ? `${JSON.stringify(value, null, 2)}\n` : text };
}

interface Form {
  readonly ci: boolean;
  /** Whether links are warned of. */
  readonly locked: boolean;
  readonly json: boolean;
}

/** The flags that change nothing of what an install without changes does. */
const PLAIN_FLAGS = ['--json', '--quiet', '-q', '--verbose'];

/** What the command line says, when it says no more than can be answered without its parser. */
function formOf([command = '', ...flags]: readonly string[]): Form | undefined {
  const ci = !['install', 'i', 'add'].includes(command);
  const known = ci ? PLAIN_FLAGS : [...PLAIN_FLAGS, '--frozen-lockfile'];
  if (flags.some(flag => !known.includes(flag))) return undefined;
  return { ci, locked: ci || flags.includes('--frozen-lockfile'), json: flags.includes('--json') };
}
