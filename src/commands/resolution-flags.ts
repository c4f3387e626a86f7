import type { Argv } from 'yargs';
import type { ResolutionConfig } from '../config/config.js';
import { CONFLICTS, readResolution, STRATEGIES } from '../config/resolution.js';

export interface ResolutionFlags {
  readonly resolution: string | undefined;
  readonly conflicts: string | undefined;
  readonly before: string | undefined;
  readonly 'minimum-release-age': string | undefined;
}

/** The flags that say how versions are chosen. Not global: subcommands of a command that has them do not get them. */
export function resolutionFlags<T>(yargs: Argv<T>): Argv<T & ResolutionFlags> {
  return yargs
    .option('resolution', {
      type: 'string',
      choices: STRATEGIES,
      global: false,
      describe: 'Which of the versions that fit is taken',
    })
    .option('conflicts', {
      type: 'string',
      choices: CONFLICTS,
      global: false,
      describe: 'Where ranges clash: a version for each dependant, or an error',
    })
    .option('before', {
      type: 'string',
      requiresArg: true,
      global: false,
      describe: 'Choose only what was published until then, as in 2026-01-31',
    })
    .option('minimum-release-age', {
      type: 'string',
      requiresArg: true,
      global: false,
      describe: 'Choose only what has been published for this long, as in 3d',
    });
}

/** What the flags say; the rest is left to the configuration. @throws PrompdError EUSAGE */
export function resolutionSwitches(flags: ResolutionFlags): Partial<ResolutionConfig> {
  const { resolution, conflicts, before, 'minimum-release-age': age } = flags;
  return readResolution(
    { resolution, conflicts, before, minimumReleaseAge: { age } },
    { code: 'EUSAGE', nameOf: key => `--${key.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}` },
  );
}
