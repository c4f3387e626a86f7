import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { isGroup } from '#prompd/cli/command-entry.js';
import { COMMANDS } from '#prompd/cli/command-table.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

test('every npm script that a document tells to run is there', t => {
  const { scripts } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
  for (const file of documents()) {
    for (const [, name = ''] of read(file).matchAll(/\bnpm run (?:--silent )?([\w:]+)/g))
      t.true(name in scripts, `${file}: npm run ${name}`);
  }
});

test('every command that a document, a hint or an example package tells to run is there', t => {
  const texts = [
    ...[...documents(), ...under('fixtures/packages', 'README.md')].map(file => [file, codeOf(read(file))]),
    ...under('src', '.ts').map(file => [file, quotesOf(read(file))]),
  ] as const;
  let seen = 0;
  for (const [file = '', code = ''] of texts) {
    for (const [, name = '', sub = ''] of code.matchAll(
      /^(?:\$ )?prompd ([a-z][a-z-]+)(?: ([a-z]+(?:-[a-z]+)*))?/gm,
    )) {
      t.true(isCommand(name, sub), `${file}: prompd ${name} ${sub}`);
      seen += 1;
    }
  }
  t.true(seen > 100);
});

/** The lines of a document's shell blocks, and what it quotes inside its sentences. */
function codeOf(markdown: string): string {
  const blocks = [...markdown.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block = '']) => block);
  const quotes = [...markdown.matchAll(/`([^`\n]+)`/g)].map(([, quote = '']) => quote);
  return [...blocks, ...quotes].join('\n');
}

/** What the texts of the program quote. */
function quotesOf(source: string): string {
  return [...source.matchAll(/"([^"\n]+)"/g)].map(([, quote = '']) => quote).join('\n');
}

function isCommand(name: string, sub: string): boolean {
  const entry = COMMANDS.find(
    ({ usage, ...leaf }) =>
      usage.split(' ')[0] === name || ('aliases' in leaf && leaf.aliases?.includes(name)),
  );
  if (!entry) return false;
  return !isGroup(entry) || entry.entries.some(({ usage }) => usage.split(' ')[0] === sub);
}

function documents(): string[] {
  return [...under('docs', '.md'), ...readdirSync(ROOT).filter(name => name.endsWith('.md'))];
}

function under(folder: string, end: string): string[] {
  return readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith(end))
    .map(name => path.join(folder, name));
}

function read(file: string): string {
  return readFileSync(path.join(ROOT, file), 'utf8');
}
