import { readFileSync } from 'node:fs';
import * as nodeModule from 'node:module';
import type { ExitCode } from '../core/exit-codes.js';
import type { Repeat } from './repeat.js';

/**
 * Runs one command line. Loads nothing of the program for `--version`: it is what wrappers and prompts of shells ask for.
 * @param argv the words after the program's name
 */
export async function main(argv: readonly string[]): Promise<ExitCode> {
  const version = ownVersion();
  stopQuietlyWhenNobodyReads();
  if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-v')) {
    process.stdout.write(`${version}\n`);
    return 0;
  }
  let installInputs: Repeat['inputs'];
  if (INSTALLS.includes(argv[0] ?? '')) {
    const { repeatInstall } = await import('./repeat.js');
    // What goes wrong here goes wrong in the command as well, which knows how to tell.
    const { printed, inputs } = await repeatInstall(argv, version).catch((): Repeat => ({}));
    if (printed !== undefined) {
      process.stdout.write(printed);
      return 0;
    }
    installInputs = inputs;
  }
  enableCompileCache();
  const { runCommandLine } = await import('./run-command-line.js');
  return runCommandLine(argv, { version, installInputs });
}

/** The commands that most often have nothing to do, by all their names. */
const INSTALLS: readonly string[] = ['install', 'i', 'add', 'ci', 'clean-install', 'ic'];

/** `prompd list | head` closes our stdout: that is no error. */
function stopQuietlyWhenNobodyReads(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
}

/** Node 22 and later keep compiled code between runs. */
function enableCompileCache(): void {
  if ('enableCompileCache' in nodeModule && typeof nodeModule.enableCompileCache === 'function')
    nodeModule.enableCompileCache();
}

function ownVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return typeof manifest === 'object' && manifest && 'version' in manifest
    ? String(manifest.version)
    : '0.0.0';
}
