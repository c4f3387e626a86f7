import yargs, { type Argv } from 'yargs';
import type { Command, GlobalOptions } from '../commands/command.js';
import { type Entry, isGroup } from './command-entry.js';
import { COMMANDS } from './command-table.js';
import { markPositionals, restored, restoredText } from './double-dash.js';
import { usageError } from './usage-error.js';

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
  let printed = '';
  const reading: Reading = { words: [], positionals: '', entries: COMMANDS };
  const parser = rootParser(version, columns);
  addEntries(parser, COMMANDS, reading);
  try {
    const { _: words } = await parser.parseAsync(markPositionals(argv), {}, (_error, _argv, output) => {
      printed = output;
    });
    // Asked for help, yargs shows that of the nearest command it knows, and is content.
    const unknown = words[reading.words.length];
    if (unknown !== undefined && reading.entries.length > 0)
      throw new UsageFailure(`Unknown command: ${unknown}`);
  } catch (error) {
    if (error instanceof Chosen) return { kind: 'run', command: error.command, args: error.args };
    if (!isUsageFailure(error)) throw error;
    throw usageError(restoredText(error.message), {
      argv,
      command: reading.words.join(' '),
      positionals: reading.positionals,
      commands: reading.entries.flatMap(commandNames),
      // After it has made help yargs would print it once more.
      flags: printed === '' ? await flagsOf(parser) : [],
    });
  }
  return { kind: 'print', text: printed || `${await parser.getHelp()}\n` };
}

/**
 * Thrown where a command is found and all of the command line was checked: yargs renders the help of every command whose
 * handler returns, in case that it fails, and that would take longer than all of the parsing.
 */
class Chosen extends Error {
  constructor(
    readonly command: Command,
    readonly args: GlobalOptions,
  ) {
    super('a command was chosen');
  }
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

/** How far the command line was understood: yargs does not say it of one that fails. */
interface Reading {
  words: readonly string[];
  /** As in the usage line: "<names..>". */
  positionals: string;
  /** What can stand behind the words. */
  entries: readonly Entry[];
}

/** The parser with the flags that every command has, and no command yet. @param columns width of the terminal */
export function rootParser(version: string, columns: number): Argv<GlobalOptions> {
  return yargs()
    .locale('en')
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
  reading: Reading,
): Argv<GlobalOptions> {
  for (const entry of entries) {
    const [name = '', ...positionals] = entry.usage.split(' ');
    const enter = (next: readonly Entry[]) => {
      reading.words = [...reading.words, name];
      reading.positionals = positionals.join(' ');
      reading.entries = next;
    };
    if (isGroup(entry)) {
      parser.command([entry.usage, ...(entry.aliases ?? [])], entry.summary, group => {
        enter(entry.entries);
        const names = entry.entries.flatMap(commandNames).join(', ');
        return addEntries(group, entry.entries, reading).demandCommand(
          1,
          `"prompd ${reading.words.join(' ')}" needs a subcommand: ${names}.`,
        );
      });
      continue;
    }
    let command: Command | undefined;
    parser.command(
      [entry.usage, ...(entry.aliases ?? [])],
      entry.summary,
      async leaf => {
        enter(entry.entries ?? []);
        command = (await entry.load()).default;
        const own = command.options(addEntries(leaf, entry.entries ?? [], reading));
        // Its subcommands have words of their own, and do not need its.
        if (entry.entries)
          for (const word of positionalNames(entry.usage)) own.option(word, { global: false });
        return own;
      },
      args => {
        if (!command) return;
        const lists = [...(command.repeatable ?? []), ...variadic(entry.usage)];
        throw new Chosen(command, lastOfEach(args, lists));
      },
    );
  }
  return parser;
}

/** Of a flag given twice the last one counts, as in most programs; yargs makes a list of it. */
function lastOfEach(args: GlobalOptions, lists: readonly string[]): GlobalOptions {
  const read = Object.entries(args).map(([name, value]) => {
    const isList = name === '_' || lists.includes(name);
    return [name, asTyped(Array.isArray(value) && !isList ? value.at(-1) : value)];
  });
  return { ...args, ...Object.fromEntries(read) };
}

function asTyped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asTyped);
  return typeof value === 'string' ? restored(value) : value;
}

function positionalNames(usage: string): string[] {
  return [...usage.matchAll(/[[<]([\w-]+)(?:\.\.)?[\]>]/g)].map(([, name]) => name ?? '');
}

/** The positionals of a usage line that take several words: `[specs..]`. */
function variadic(usage: string): string[] {
  return [...usage.matchAll(/[[<]([\w-]+)\.\.[\]>]/g)].map(([, name]) => name ?? '');
}

/** The long flags of the command that was being read: yargs lists them only in its help. */
async function flagsOf(parser: Argv<GlobalOptions>): Promise<string[]> {
  return [...(await parser.getHelp()).matchAll(/--([a-z][a-z-]+)/g)].map(([, flag]) => flag ?? '');
}

function commandNames(entry: Entry): string[] {
  const names = [entry.usage, ...(entry.aliases ?? [])];
  return names.map(name => name.split(' ')[0] ?? name);
}
