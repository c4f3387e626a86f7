import { EXIT, type ExitCode } from '../core/exit-codes.js';
import type { CompatibilityRun } from '../registry/index.js';

/** A run that failed or was cancelled fails the command; one that goes on does not. */
export function runExitCode({ state }: CompatibilityRun): ExitCode {
  return state === 'failed' || state === 'cancelled' ? EXIT.general : EXIT.ok;
}
