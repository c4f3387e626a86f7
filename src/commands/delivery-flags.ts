import type { Argv } from 'yargs';

/** The flags of commands that listen. */
export function listenOptions<T>(yargs: Argv<T>) {
  return yargs
    .option('port', { type: 'number', requiresArg: true, describe: 'Where to listen; 0 takes a free port' })
    .option('host', { type: 'string', requiresArg: true, describe: 'Address to listen at' })
    .option('allow-host', {
      type: 'string',
      array: true,
      requiresArg: true,
      default: [],
      describe: 'A further name by which it may be asked for; repeatable',
    });
}

/** Which channel delivers. */
export function tagOption<T>(yargs: Argv<T>) {
  return yargs.option('tag', {
    type: 'string',
    requiresArg: true,
    default: 'production',
    describe: 'Channel to ask for where no version or tag is named',
  });
}

/** What to start from without a registry. */
export function bootstrapOption<T>(yargs: Argv<T>) {
  return yargs.option('bootstrap', {
    type: 'string',
    requiresArg: true,
    describe: 'File of "prompd bootstrap", for when the registry cannot be reached',
  });
}
