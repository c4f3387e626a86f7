// Keeps the help texts in docs/cli.md as the program prints them; the prose around them is written by hand.
//   node scripts/cli-reference.mjs           brings the file up to date, adding sections for new commands
//   node scripts/cli-reference.mjs --check   only says what differs; exit 1 when something does
import { readFileSync, writeFileSync } from 'node:fs';
import { isGroup } from '../dist/cli/command-entry.js';
import { COMMANDS } from '../dist/cli/command-table.js';
import { parseCommandLine } from '../dist/cli/parser.js';

const FILE = new URL('../docs/cli.md', import.meta.url);
const WIDTH = 96;
const BLOCK = /^<!-- help: (.*) -->\n```text\n[\s\S]*?^```$/gm;

/** The words of every command, in the order of the help. */
function commandsOf(entries, before = []) {
  return entries.flatMap(entry => {
    const words = [...before, entry.usage.split(' ')[0]];
    const below = commandsOf(entry.entries ?? [], words);
    return isGroup(entry) ? below : [words, ...below];
  });
}

/** The help of a command without the flags that every command has, which have a section of their own. */
async function helpOf(words) {
  const { text } = await parseCommandLine([...words, '--help'], '0.0.0', WIDTH);
  const lines = text.trimEnd().split('\n');
  if (words.length === 0) return lines.join('\n');
  const own = [];
  let skipping = false;
  for (const line of lines) {
    // A description that does not fit goes on in the next line.
    skipping = GLOBAL.test(line) || (skipping && /^ {12}/.test(line));
    if (!skipping) own.push(line);
  }
  return own
    .join('\n')
    .replace(/\nOptions:\s*$/, '')
    .trimEnd();
}

/** `import` has a `--version` of its own. */
const GLOBAL = /^ +(?:(?:-\w, )?--(?:json|verbose|quiet|cwd|registry|help)|-v, --version) /;

/** The sections of the commands in the order of the help. */
function inOrder(text) {
  const [intro, ...sections] = text.split(/^(?=## prompd )/m);
  const names = [...helps.keys()];
  const rank = section => names.indexOf(/^## (.*)$/m.exec(section)[1]);
  const sorted = sections.map(section => `${section.trimEnd()}\n`).sort((a, b) => rank(a) - rank(b));
  return [`${intro.trimEnd()}\n`, ...sorted].join('\n');
}

function block(name, help) {
  return `<!-- help: ${name} -->\n\`\`\`text\n${help}\n\`\`\``;
}

const helps = new Map([['prompd', await helpOf([])]]);
for (const words of commandsOf(COMMANDS)) helps.set(`prompd ${words.join(' ')}`, await helpOf(words));

const before = readFileSync(FILE, 'utf8');
const seen = new Set();
const gone = [];
let after = before.replace(BLOCK, (whole, name) => {
  seen.add(name);
  const help = helps.get(name);
  if (help === undefined) gone.push(name);
  return help === undefined ? whole : block(name, help);
});
for (const [name, help] of helps) {
  if (!seen.has(name)) after += `\n## ${name}\n\n${block(name, help)}\n`;
}
after = inOrder(after);

if (!process.argv.includes('--check')) {
  writeFileSync(FILE, after);
}
for (const name of gone) console.error(`docs/cli.md describes "${name}", which is no command.`);
if (process.argv.includes('--check') && before !== after) {
  const stale = [...helps]
    .filter(([name, help]) => !before.includes(block(name, help)))
    .map(([name]) => name);
  console.error(
    `docs/cli.md differs from --help: ${stale.join(', ')}. Run "node scripts/cli-reference.mjs".`,
  );
}
process.exitCode = gone.length > 0 || (process.argv.includes('--check') && before !== after) ? 1 : 0;
