import type { Argv } from 'yargs';
import type { Location } from '../config/setting-key.js';

const LOCATIONS = ['user', 'project'] as const satisfies readonly Location[];

/** The flag that names one of the two configuration files. @param otherwise what is meant without it */
export function locationFlag<T>(
  yargs: Argv<T>,
  otherwise: string,
): Argv<T & { location: Location | undefined }> {
  return yargs.option('location', {
    choices: LOCATIONS,
    defaultDescription: otherwise,
    describe: 'Of config.json in your prompd folder, or of .prompdrc.json',
  });
}

/** The key that a setting is named by. */
export function keyPositional<T>(yargs: Argv<T>): Argv<T & { key: string }> {
  return yargs.positional('key', {
    type: 'string',
    demandOption: true,
    describe: 'Setting, as in "registry", "network.retries", "scopes.@team", "registries.work.url"',
  });
}
