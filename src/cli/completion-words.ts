import type { Argv } from 'yargs';
import { SILENT } from '../core/progress.js';
import type { Version } from '../core/version.js';
import type { Completable } from '../ops/settings/completion.js';
import { type Entry, isGroup, type Leaf } from './command-entry.js';
import { COMMANDS } from './command-table.js';

/** A word that can stand where the cursor is. */
export interface Candidate {
  readonly word: string;
  /** One line; '' where there is nothing to say. */
  readonly description: string;
}

/** A flag as its help tells of it. */
interface Flag {
  readonly names: readonly string[];
  readonly description: string;
  readonly takesValue: boolean;
  readonly choices: readonly string[];
}

/** What the positionals of commands stand for, by their names; all others are files or anything at all. */
const POSITIONALS: Readonly<Record<string, Completable>> = {
  names: 'packages',
  name: 'packages',
  package: 'packages',
  packages: 'packages',
  specs: 'packages',
  before: 'packages',
  after: 'packages',
  prompt: 'prompts',
  key: 'settings',
};

/** Everything else would have to be quoted in some shell, and no word of ours needs it. */
const PLAIN = /^[\w@.~/:=+-]+$/;

/**
 * The words that can stand where the cursor is.
 * @param words behind the program's name, up to the cursor; the last is the one being typed, '' for a new one
 */
export async function completionCandidates(words: readonly string[], version: Version): Promise<Candidate[]> {
  const current = words.at(-1) ?? '';
  const reached = await follow(words.slice(0, -1), version);
  const found = await candidatesFor(current, reached, version);
  return found.filter(({ word }) => word.startsWith(current) && PLAIN.test(word));
}

/** One candidate a line, its description behind a tab. Prints nothing rather than an error. */
export async function completionText(words: readonly string[], version: Version): Promise<string> {
  try {
    const found = await completionCandidates(words, version);
    return found.map(({ word, description }) => `${word}\t${oneLine(description)}\n`).join('');
  } catch {
    return '';
  }
}

/** How far the words before the cursor lead. */
interface Reached {
  /** Commands that can come next. */
  readonly entries: readonly Entry[];
  readonly leaf: Leaf | undefined;
  /** Called only where a flag stands: reading them costs more than all else. */
  readonly flags: () => Promise<readonly Flag[]>;
  /** A flag that waits for its value. */
  readonly pending: Flag | undefined;
  /** Words that were given to the command itself. */
  readonly given: number;
  /** Of `-C`, as typed. */
  readonly cwd: string | undefined;
}

async function follow(words: readonly string[], version: Version): Promise<Reached> {
  let entries: readonly Entry[] = COMMANDS;
  let leaf: Leaf | undefined;
  let flags = () => flagsOf(undefined, version);
  let pending: Flag | undefined;
  let given = 0;
  let cwd: string | undefined;
  for (const word of words) {
    if (pending) {
      if (pending.names.includes('--cwd')) cwd = word;
      pending = undefined;
    } else if (word.startsWith('-') && word !== '-') {
      const flag = (await flags()).find(({ names }) => names.includes(word));
      if (flag?.takesValue) pending = flag;
    } else {
      const entry = given > 0 ? undefined : entries.find(one => namesOf(one).includes(word));
      if (!entry) {
        given += 1;
        continue;
      }
      entries = entry.entries ?? [];
      leaf = isGroup(entry) ? undefined : entry;
      const reached = leaf;
      flags = () => flagsOf(reached, version);
    }
  }
  return { entries, leaf, flags, pending, given, cwd };
}

async function candidatesFor(current: string, reached: Reached, version: Version): Promise<Candidate[]> {
  const { entries, leaf, flags, pending, given } = reached;
  if (pending) return plain(pending.choices);
  const [, name = '', typed] = /^(--[a-z][a-z-]*)=(.*)$/s.exec(current) ?? [];
  if (typed !== undefined) {
    const flag = (await flags()).find(({ names }) => names.includes(name));
    return plain((flag?.choices ?? []).map(choice => `${name}=${choice}`));
  }
  if (current.startsWith('-')) {
    return (await flags()).flatMap(({ names, description }) =>
      names
        .filter(flag => flag.startsWith('--') || current.length === 2)
        .map(word => ({ word, description })),
    );
  }
  const commands = given > 0 ? [] : entries;
  return [
    ...commands.map(entry => ({ word: namesOf(entry)[0] ?? '', description: entry.summary })),
    ...(leaf ? await positionalCandidates(leaf, { ...reached, version }) : []),
  ];
}

async function positionalCandidates(
  leaf: Leaf,
  { given, cwd, version }: Reached & { version: Version },
): Promise<Candidate[]> {
  const positionals = leaf.usage.split(' ').slice(1);
  const last = positionals.at(-1);
  const usage = positionals[given] ?? (last?.includes('..') ? last : undefined);
  const name = usage?.replace(/[^\w-]/g, '') ?? '';
  if (name === 'shell') return plain(['bash', 'zsh', 'fish']);
  const kind = Object.hasOwn(POSITIONALS, name) ? POSITIONALS[name] : undefined;
  if (!kind) return [];
  const args = { json: false, verbose: false, quiet: true, cwd, registry: undefined };
  const [{ makeContext }, { completable }] = await Promise.all([
    import('./context.js'),
    import('../ops/settings/completion.js'),
  ]);
  const context = await makeContext(args, process, { version, toleratesBadConfig: true });
  return plain(await completable({ ...context, progress: SILENT }, kind));
}

/** The flags of a command and those that every command has, from its help: yargs tells of them nowhere else. */
async function flagsOf(leaf: Leaf | undefined, version: Version): Promise<Flag[]> {
  const { rootParser } = await import('./parser.js');
  let parser: Argv<unknown> = rootParser(version, 80);
  if (leaf) parser = (await leaf.load()).default.options(rootParser(version, 80));
  const help = await parser.wrap(null).getHelp();
  const [, options = ''] = help.split(/^Options:$/m);
  return options.split('\n').flatMap((line): Flag[] => {
    const [, short, long, text = ''] = /^ +(?:-(\w), )?--([a-z][a-z-]*)(.*)$/.exec(line) ?? [];
    if (long === undefined) return [];
    const description = text.replace(/(?: {2,}| )\[.*$/, '').trim();
    const [, listed = ''] = /\[choices: ([^\]]*)\]/.exec(text) ?? [];
    return [
      {
        names: [`--${long}`, ...(short === undefined ? [] : [`-${short}`])],
        description,
        takesValue: !/\[boolean\]|\[count\]/.test(text),
        choices: [...listed.matchAll(/"([^"]*)"/g)].map(([, choice = '']) => choice),
      },
    ];
  });
}

function namesOf(entry: Entry): string[] {
  const [name = ''] = entry.usage.split(' ');
  return [name, ...('aliases' in entry ? (entry.aliases ?? []) : [])];
}

function plain(words: readonly string[]): Candidate[] {
  return words.map(word => ({ word, description: '' }));
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
