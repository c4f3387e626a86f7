import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import type { ShownPrompt } from '#prompd/ops/prompts/show.js';
import { runCli, runHere } from '../support/cli.js';
import { tempDir } from '../support/temp.js';

const BASE = `---
name: base
version: 1.0.0
parameters:
  - { name: whom, type: string, required: true, minLength: 1, description: Who is greeted. }
---
# System

Be kind.

# Rules

No shouting.

# User

Greet {{ whom }}.
`;
const CHILD = `---
name: child
version: 2.0.0
description: Greets loudly.
inherits: ../base.prompd
parameters:
  - { name: volume, type: string, enum: [low, high], default: high }
override:
  rules: ../loud.md
contexts: [../data.json]
response: One line.
---
# User

Greet {{ whom }} at {{ volume }} volume.
`;

test('--json has parameters, sections, contexts and ancestors, each with file and line', async t => {
  const { code, json } = await runHere(['show', 'prompts/child.prompd', '--json'], { cwd: folder(t) });
  t.is(code, 0);
  const shown = json<ShownPrompt>();
  t.like(shown, {
    id: 'child',
    version: '2.0.0',
    description: 'Greets loudly.',
    file: 'prompts/child.prompd',
  });
  t.deepEqual(
    shown.parameters.map(({ name, required, from }) => [name, required, from.file, from.line]),
    [
      ['whom', true, 'base.prompd', 5],
      ['volume', false, 'prompts/child.prompd', 7],
    ],
  );
  t.deepEqual(
    shown.sections.map(({ id, by, from }) => [id, by, from.file, from.line]),
    [
      ['system', 'body', 'base.prompd', 7],
      ['rules', 'override', 'prompts/child.prompd', 9],
      ['user', 'body', 'prompts/child.prompd', 13],
      ['response', 'front matter', 'prompts/child.prompd', 11],
    ],
  );
  t.like(shown.contexts, [{ path: 'data.json', language: 'json' }]);
  t.deepEqual(shown.inherits, ['base.prompd']);
  t.regex(shown.contract, /^sha256-[0-9a-f]{64}$/);
});

test('for people it is a table a part, readable without colour', async t => {
  const { stdout } = await runCli(['show', 'prompts/child.prompd'], { cwd: folder(t) });
  t.regex(stdout, /^prompts\/child\.prompd 2\.0\.0\nGreets loudly\.\n\nparameters\n/);
  t.regex(stdout, /whom +string +required +minLength 1 +base\.prompd:5/);
  t.regex(stdout, /volume +string +high +low \| high +prompts\/child\.prompd:7/);
  t.regex(stdout, /rules +override +prompts\/child\.prompd:9/);
  t.regex(stdout, /inherits\n {2}base\.prompd\n/);
});

test('the contract does not change with texts, and does with a rule', async t => {
  const cwd = folder(t);
  const digest = async () =>
    (await runHere(['show', 'base.prompd', '--json'], { cwd })).json<ShownPrompt>().contract;
  const before = await digest();
  writeFileSync(
    path.join(cwd, 'base.prompd'),
    BASE.replace('Be kind.', 'Be brief.').replace('Who is', 'Who was'),
  );
  t.is(await digest(), before);
  writeFileSync(path.join(cwd, 'base.prompd'), BASE.replace('minLength: 1', 'minLength: 2'));
  t.not(await digest(), before);
});

test('control characters in names and descriptions do not reach the terminal', async t => {
  const cwd = tempDir(t);
  const evil = '\\u001b]0;owned\\u0007\\u009b31m';
  writeFileSync(
    path.join(cwd, 'evil.prompd'),
    `---\nname: evil\nversion: 1.0.0\ndescription: "x${evil}"\nparameters:\n  - { name: a, description: "y${evil}", default: "z${evil}", pattern: ".${evil.slice(0, 6)}?" }\n---\n{{ a }}\n`,
  );
  const { code, stdout, stderr } = await runHere(['show', 'evil.prompd'], { cwd });
  t.is(code, 0, stderr);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there
  t.notRegex(stdout + stderr, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
  t.regex(stdout, /owned/);
});

function folder(t: Parameters<typeof tempDir>[0]): string {
  const cwd = tempDir(t);
  mkdirSync(path.join(cwd, 'prompts'));
  writeFileSync(path.join(cwd, 'base.prompd'), BASE);
  writeFileSync(path.join(cwd, 'prompts', 'child.prompd'), CHILD);
  writeFileSync(path.join(cwd, 'loud.md'), 'Shout.');
  writeFileSync(path.join(cwd, 'data.json'), '{}');
  return cwd;
}
