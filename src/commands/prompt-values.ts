import type { Argv } from 'yargs';
import type { GlobalOptions } from './command.js';

/** The flags by which a prompt is named and given values. */
export function promptOptions(yargs: Argv<GlobalOptions>) {
  return yargs
    .positional('prompt', {
      type: 'string',
      demandOption: true,
      describe: 'A file, a folder with prompd.json, or @org/package[@range][:prompt]',
    })
    .option('param', {
      alias: 'p',
      type: 'string',
      nargs: 1,
      coerce: list,
      default: [],
      defaultDescription: 'none',
      describe: 'name=value or name=@file; repeatable',
    })
    .option('file', {
      alias: 'f',
      type: 'string',
      nargs: 1,
      coerce: list,
      default: [],
      defaultDescription: 'none',
      describe: 'JSON or YAML file with values, "-" for stdin; repeatable',
    });
}

/**
 * What a repeatable flag was given. It is no array for yargs, which would not take the word "-" for a value of it.
 */
function list(given: string | readonly string[]): readonly string[] {
  return typeof given === 'string' ? [given] : given;
}
