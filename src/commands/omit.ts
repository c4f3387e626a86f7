import type { Argv } from 'yargs';

export interface OmitFlags {
  readonly omit: 'dev' | undefined;
  readonly production: boolean;
}

/** The flags that leave development dependencies out. */
export function omitFlags<T>(yargs: Argv<T>): Argv<T & OmitFlags> {
  return yargs
    .option('omit', {
      choices: ['dev'] as const,
      global: false,
      describe: 'Leave out what only devDependencies need',
    })
    .option('production', {
      type: 'boolean',
      default: false,
      global: false,
      describe: 'The same as --omit dev',
    });
}

/** Whether development dependencies are left out. */
export function omitsDev({ omit, production }: OmitFlags): boolean {
  return production || omit === 'dev';
}
