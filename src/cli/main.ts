import { readFileSync, writeSync } from 'node:fs';
import type { ExitCode } from '../core/exit-codes.js';
import type { Repeat } from './repeat.js';

/**
 * Runs one command line. Loads nothing of the program for `--version`: it is what wrappers and prompts of shells ask for.
 * @param argv the words after the program's name
 */
export async function main(argv: readonly string[]): Promise<ExitCode> {
  const version = ownVersion();
  if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-v')) {
    print(`${version}\n`);
    return 0;
  }
  let installInputs: Repeat['inputs'];
  if (INSTALLS.includes(argv[0] ?? '')) {
    const { printed, inputs } = await repeated(argv, version);
    if (printed !== undefined) {
      print(printed);
      return 0;
    }
    installInputs = inputs;
  }
  stopQuietlyWhenNobodyReads();
  // React, below what is drawn in a terminal, takes twice the time otherwise.
  process.env['NODE_ENV'] ??= 'production';
  enableCompileCache();
  const { runCommandLine } = await import('./run-command-line.js');
  return runCommandLine(argv, { version, installInputs, around: process });
}

/** The commands that most often have nothing to do, by all their names. */
const INSTALLS: readonly string[] = ['install', 'i', 'add', 'ci', 'clean-install', 'ic'];

/** What goes wrong here goes wrong in the command as well, which knows how to tell. */
async function repeated(argv: readonly string[], version: string): Promise<Repeat> {
  const { repeatInstall } = await import('./repeat.js');
  try {
    return repeatInstall(argv, version);
  } catch {
    return {};
  }
}

/**
 * Writes to stdout by system calls: the stream that Node has for it takes a tenth of what such a command costs. It goes on
 * where stdout does not take all at once.
 */
function print(text: string): void {
  let rest: Uint8Array = Buffer.from(text);
  try {
    while (rest.length > 0) rest = rest.subarray(writeSync(1, rest));
  } catch {
    stopQuietlyWhenNobodyReads();
    process.stdout.write(rest);
  }
}

/** `prompd list | head` closes our stdout: that is no error. */
function stopQuietlyWhenNobodyReads(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
}

/** Node 22 and later keep compiled code between runs. */
function enableCompileCache(): void {
  const nodeModule = process.getBuiltinModule('node:module');
  if ('enableCompileCache' in nodeModule && typeof nodeModule.enableCompileCache === 'function')
    nodeModule.enableCompileCache();
}

function ownVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return typeof manifest === 'object' && manifest && 'version' in manifest
    ? String(manifest.version)
    : '0.0.0';
}
