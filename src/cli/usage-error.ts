import { PrompdError } from '../core/errors.js';
import { suggest } from '../core/suggest.js';

/** What is known of the command line that could not be read. */
export interface UsageFacts {
  /** The words after the program's name, as typed. */
  readonly argv: readonly string[];
  /** The command that was being read, as in "registry start"; '' for none. */
  readonly command: string;
  /** What that command asks for behind its name, as in "<names..>". */
  readonly positionals: string;
  /** Names of commands that could stand where the unknown word does. */
  readonly commands: readonly string[];
  /** Long names of the flags that the command takes, without dashes. */
  readonly flags: readonly string[];
}

/** Says in the program's own words what yargs says of a command line that it cannot read. */
export function usageError(message: string, facts: UsageFacts): PrompdError {
  for (const [pattern, tell] of WORDINGS) {
    const match = pattern.exec(message);
    if (match) return tell(match.slice(1), facts);
  }
  return new PrompdError('EUSAGE', message, { hint: seeHelp(facts) });
}

type Wording = (found: readonly string[], facts: UsageFacts) => PrompdError;

const WORDINGS: readonly (readonly [RegExp, Wording])[] = [
  [/^Unknown (?:argument|command)s?: (.*)$/s, unknownWords],
  [
    /^Not enough arguments following: (.*)$/s,
    ([flag = ''], facts) =>
      new PrompdError('EUSAGE', `${dashed(flag)} needs a value.`, { hint: seeHelp(facts) }),
  ],
  [
    /^Not enough non-option arguments/,
    (_, facts) =>
      new PrompdError('EUSAGE', `"prompd ${facts.command}" needs ${facts.positionals}.`, {
        hint: seeHelp(facts),
      }),
  ],
  [
    /^Missing required arguments?: (.*)$/s,
    ([flags = ''], facts) =>
      new PrompdError(
        'EUSAGE',
        `"prompd ${facts.command}" needs ${flags.split(', ').map(dashed).join(', ')}.`,
        {
          hint: seeHelp(facts),
        },
      ),
  ],
  [
    /Argument: ([\w-]+), Given: (.*), Choices: (.*)$/,
    ([name = '', given, choices], { positionals }) => {
      const isFlag = !new RegExp(`[[<]${name}\\b`).test(positionals);
      return new PrompdError('EUSAGE', `${isFlag ? dashed(name) : `The ${name}`} cannot be ${given}.`, {
        hint: `It can be ${choices}.`,
      });
    },
  ],
];

/** yargs says "Unknown argument: x" for commands and flags alike, and leaves the dashes out. */
function unknownWords([found = '']: readonly string[], facts: UsageFacts): PrompdError {
  const all = found.split(', ');
  const words = all
    .filter(word => !all.some(other => other.includes('-') && camelCased(other) === word))
    .map(word => ({ word, flag: typedAsFlag(word, facts.argv) }));
  const near = words
    .map(({ word, flag }) =>
      flag === undefined ? nearCommand(word, facts) : dashedIfFound(suggest(word, facts.flags)),
    )
    .filter(name => name !== undefined);
  const names = words.map(({ word, flag }) => `"${flag ?? word}"`).join(', ');
  const runs = facts.command === '' && words.some(({ word }) => RUNNERS.has(word));
  const other =
    near.length === 0 ? seeHelp(facts) : `Did you mean ${near.map(name => `"${name}"`).join(' and ')}?`;
  return new PrompdError(
    'EUSAGE',
    `"prompd${facts.command && ` ${facts.command}`}" does not know ${names}.`,
    { hint: runs ? NOTHING_RUNS : other },
  );
}

/** What package managers of programs call the running of what a package brings. */
const RUNNERS = new Set(['run', 'run-script', 'rum', 'urn', 'exec', 'x', 'start', 'stop', 'restart', 'dlx']);
const NOTHING_RUNS =
  'Nothing in a package is a program. "prompd render" fills in a prompt, "prompd execute" sends it to a model.';

/** yargs names an unknown flag twice, once as it would call it in a program. */
function camelCased(flag: string): string {
  return flag.replace(/-+(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function nearCommand(word: string, { commands, flags }: UsageFacts): string | undefined {
  return suggest(word, commands) ?? dashedIfFound(suggest(word, flags));
}

/** A flag with its dashes, as it was typed; undefined when the word was no flag. */
function typedAsFlag(word: string, argv: readonly string[]): string | undefined {
  return argv
    .map(typed => typed.split('=')[0] ?? '')
    .find(typed => typed.startsWith('-') && typed.replace(/^--?(?:no-)?/, '') === word);
}

function dashedIfFound(flag: string | undefined): string | undefined {
  return flag === undefined ? undefined : dashed(flag);
}

function dashed(flag: string): string {
  return flag.length === 1 ? `-${flag}` : `--${flag}`;
}

function seeHelp({ command }: Pick<UsageFacts, 'command'>): string {
  return `Run "prompd ${command && `${command} `}--help" to see what there is.`;
}
