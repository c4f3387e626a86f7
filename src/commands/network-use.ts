import type { Argv } from 'yargs';
import type { NetworkConfig } from '../config/config.js';

export interface NetworkFlags {
  readonly offline: boolean;
  readonly 'prefer-offline': boolean;
}

/** The flags that say whether registries are asked. Not global: subcommands of a command that has them do not get them. */
export function networkFlags<T>(yargs: Argv<T>): Argv<T & NetworkFlags> {
  return yargs
    .option('prefer-offline', {
      type: 'boolean',
      default: false,
      global: false,
      describe: 'Ask a registry only for what is not cached',
    })
    .option('offline', { type: 'boolean', default: false, global: false, describe: 'Ask no registry' });
}

/** What the flags ask for; undefined leaves it to the configuration. */
export function networkUse(flags: NetworkFlags): NetworkConfig['use'] | undefined {
  if (flags.offline) return 'never';
  return flags['prefer-offline'] ? 'prefer-cache' : undefined;
}
