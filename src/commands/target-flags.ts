import type { Argv } from 'yargs';

export interface TargetFlags {
  readonly target: string;
  readonly scope: string | undefined;
}

/** What is packed: the folder of a package, or a prompt file that becomes a package of its own. */
export function targetFlags<T>(yargs: Argv<T>): Argv<T & TargetFlags> {
  return yargs
    .positional('target', {
      type: 'string',
      default: '.',
      describe: 'Folder of a package, or a prompt file',
    })
    .option('scope', {
      type: 'string',
      requiresArg: true,
      describe: 'Scope of the package that one prompt file becomes, as in "@team"',
    });
}
