import yargs, { type Argv } from 'yargs';
import type { Command, GlobalOptions } from '../commands/command.js';
import { PrompdError } from '../core/errors.js';
import { suggest } from '../core/suggest.js';
import { COMMANDS, type Entry, isGroup } from './command-table.js';

/** What the command line asks for. */
export type Parsed =
  | { readonly kind: 'run'; readonly command: Command; readonly args: GlobalOptions }
  | { readonly kind: 'print'; readonly text: string };

/**
 * Reads the command line and loads the module of the one command it names.
 * @param argv the words after the program's name; @param columns width of the terminal
 * @throws PrompdError EUSAGE, with a suggestion where a word is near a known one
 */
export async function parseCommandLine(
  argv: readonly string[],
  version: string,
  columns: number,
): Promise<Parsed> {
  let chosen: Parsed | undefined;
  let printed = '';
  const parser = rootParser(version, columns);
  addEntries(parser, COMMANDS, (command, args) => {
    chosen = { kind: 'run', command, args };
  });
  try {
    await parser.parseAsync([...argv], {}, (_error, _argv, output) => {
      printed = output;
    });
  } catch (error) {
    throw isUsageFailure(error) ? usageError(error.message, await flagsOf(parser)) : error;
  }
  return printed === '' && chosen
    ? chosen
    : { kind: 'print', text: printed || `${await parser.getHelp()}\n` };
}

/** What yargs says of a command line it cannot read, before it becomes an error for users. */
class UsageFailure extends Error {}

/** yargs hands some mistakes to its failure handler, and lets others pass as they are. */
function isUsageFailure(error: unknown): error is Error {
  return (
    error instanceof UsageFailure ||
    (error instanceof Error && /^Not enough arguments following: /.test(error.message))
  );
}

type Choose = (command: Command, args: GlobalOptions) => void;

function rootParser(version: string, columns: number): Argv<GlobalOptions> {
  return yargs()
    .scriptName('prompd')
    .usage('$0 <command> [options]\n\nThe package manager for prompts.')
    .option('json', {
      type: 'boolean',
      default: false,
      describe: 'Print the result as JSON, and nothing else, on stdout',
    })
    .option('verbose', { type: 'boolean', default: false, describe: 'Show what led to an error' })
    .option('quiet', { alias: 'q', type: 'boolean', default: false, describe: 'Show no progress' })
    .option('cwd', { alias: 'C', type: 'string', describe: 'Work in this folder', requiresArg: true })
    .option('registry', {
      type: 'string',
      describe: 'The default registry for this command',
      requiresArg: true,
    })
    .version(version)
    .alias('version', 'v')
    .help()
    .alias('help', 'h')
    .wrap(Math.min(100, columns))
    .parserConfiguration({ 'greedy-arrays': false, 'strip-aliased': true })
    .exitProcess(false)
    .showHelpOnFail(false)
    .strict()
    .fail((message, error) => {
      throw error === undefined || error.name === 'YError'
        ? new UsageFailure(message ?? error.message)
        : error;
    });
}

function addEntries(
  parser: Argv<GlobalOptions>,
  entries: readonly Entry[],
  choose: Choose,
): Argv<GlobalOptions> {
  for (const entry of entries) {
    if (isGroup(entry)) {
      parser.command(entry.usage, entry.summary, group =>
        addEntries(group, entry.entries, choose).demandCommand(1, `"${entry.usage}" needs a subcommand.`),
      );
      continue;
    }
    let command: Command | undefined;
    parser.command(
      [entry.usage, ...(entry.aliases ?? [])],
      entry.summary,
      async leaf => {
        command = (await entry.load()).default;
        return command.options(leaf);
      },
      args => {
        if (command)
          choose(command, lastOfEach(args, [...(command.repeatable ?? []), ...variadic(entry.usage)]));
      },
    );
  }
  return parser;
}

/** Of a flag given twice the last one counts, as in most programs; yargs makes a list of it. */
function lastOfEach(args: GlobalOptions, lists: readonly string[]): GlobalOptions {
  const last = Object.entries(args)
    .filter(([name, value]) => Array.isArray(value) && name !== '_' && !lists.includes(name))
    .map(([name, value]) => [name, value.at(-1)]);
  return { ...args, ...Object.fromEntries(last) };
}

/** The positionals of a usage line that take several words: `[specs..]`. */
function variadic(usage: string): string[] {
  return [...usage.matchAll(/[[<]([\w-]+)\.\.[\]>]/g)].map(([, name]) => name ?? '');
}

/** yargs says "Unknown argument: x" for commands and flags alike. */
function usageError(message: string, flags: readonly string[]): PrompdError {
  const unknown = /^Unknown (?:argument|command)s?: (.*)$/s.exec(message)?.[1]?.split(', ');
  if (unknown === undefined) {
    return new PrompdError('EUSAGE', message, { hint: 'Run the command with --help to see how it is used.' });
  }
  const known = [...COMMANDS.flatMap(commandNames), ...flags];
  const near = unknown.map(word => suggest(word, known)).find(name => name !== undefined);
  return new PrompdError('EUSAGE', `prompd does not know ${unknown.map(word => `"${word}"`).join(', ')}.`, {
    hint:
      near === undefined
        ? 'Run "prompd --help" to see what there is.'
        : `Did you mean "${flags.includes(near) ? `--${near}` : near}"?`,
  });
}

/** The long flags of the command that was being read: yargs lists them only in its help. */
async function flagsOf(parser: Argv<GlobalOptions>): Promise<string[]> {
  return [...(await parser.getHelp()).matchAll(/--([a-z][a-z-]+)/g)].map(([, flag]) => flag ?? '');
}

function commandNames(entry: Entry): string[] {
  const names = isGroup(entry) ? [entry.usage] : [entry.usage, ...(entry.aliases ?? [])];
  return names.map(name => name.split(' ')[0] ?? name);
}
