import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { render } from 'ink-testing-library';
import { parsePackageName } from '#prompd/core/name.js';
import { parseVersion } from '#prompd/core/version.js';
import { stepGroup, versionStep } from '#prompd/core/version-step.js';
import type { UpdateChoice } from '#prompd/ops/update/update-choices.js';
import { UpdatePicker } from '#prompd/tui/update-picker.js';
import { wordsOf } from '../support/ink.js';

const DOWN = '\u001b[B';
const UP = '\u001b[A';
const ESCAPE = '\u001b';
const CONTROL_C = '\u0003';

const CHOICES = [
  choice('@acme/tone', '1.0.0', '1.0.1'),
  choice('@acme/rules', '1.0.0', '2.10.0', { prompts: [broken('check'), broken('judge')] }),
  choice('@acme/drafts', '0.1.0', '0.2.0', { dev: true, prompts: [broken('draft')] }),
  choice('@acme/ask', '1.0.0', '1.1.0', { yanked: true, prompts: undefined }),
];

test.serial(
  'updates are grouped by what they may break, with versions in columns and the state of each in text',
  async t => {
    const { lastFrame, type } = await show(t, CHOICES);
    t.is(
      lastFrame(),
      `Choose what to update (0 of 4 chosen)

Breaking: callers may have to change
> [ ] @acme/rules   1.0.0 -> 2.10.0  (may break 2 prompts)
  [ ] @acme/drafts  0.1.0 -> 0.2.0   (may break draft, dev)
Minor: something was added
  [ ] @acme/ask     1.0.0 -> 1.1.0   (by its version alone, current is withdrawn)
Patch: nothing changes for callers
  [ ] @acme/tone    1.0.0 -> 1.0.1

up/down: move space: choose a: all enter: update q: cancel ?: keys`,
    );
    await type(' ', DOWN, 'j', ' ', UP, 'k', 'j');
    t.regex(lastFrame(), /2 of 4 chosen/);
    t.regex(lastFrame(), /^ {2}\[x\] @acme\/rules/m);
    t.regex(lastFrame(), /^> \[ \] @acme\/drafts/m);
    t.regex(lastFrame(), /^ {2}\[x\] @acme\/ask/m);
  },
);

for (const [title, keys, expected] of [
  [
    'enter gives what was chosen, in the order of the list',
    ['G', ' ', 'g', ' ', '\r'],
    ['@acme/rules', '@acme/tone'],
  ],
  ['a chooses all', ['a', '\r'], ['@acme/rules', '@acme/drafts', '@acme/ask', '@acme/tone']],
  ['keys that arrive together count one after the other', ['j j \r'], ['@acme/drafts', '@acme/ask']],
  ['enter alone gives nothing', ['\r'], []],
  ['q leaves', [' ', 'q'], undefined],
  ['Escape leaves', [ESCAPE], undefined],
  ['Ctrl-C leaves', ['a', CONTROL_C], undefined],
] satisfies [string, string[], string[] | undefined][]) {
  test.serial(title, async t => {
    const { ended, type } = await show(t, CHOICES);
    await type(...keys);
    t.deepEqual(await ended, expected);
  });
}

test.serial('a package that is there in two versions has two lines, which are chosen together', async t => {
  const twice = [
    choice('@acme/tone', '1.0.0', '1.1.0'),
    choice('@acme/tone', '2.0.0', '2.1.0'),
    choice('@acme/ask', '1.0.0', '1.0.1'),
  ];
  const { ended, lastFrame, type } = await show(t, twice);
  await type('a');
  t.regex(lastFrame(), /2 of 2 chosen/);
  await type('a');
  t.regex(lastFrame(), /0 of 2 chosen/);
  await type(' ');
  t.is(lastFrame().match(/^> \[x\] @acme\/tone /gm)?.length, 2);
  await type('j', ' ', ' ', '\r');
  t.deepEqual(await ended, ['@acme/tone']);
});

test.serial('? shows all keys, and the list again', async t => {
  const { lastFrame, type } = await show(t, CHOICES);
  await type('?');
  t.regex(lastFrame(), /^ {2}j ↓ +down, .*\n {2}k ↑ +up, /);
  t.regex(lastFrame(), /\n {2}q Esc Ctrl-C +leave; nothing is updated\n/);
  await type('?');
  t.regex(lastFrame(), /^Choose what to update/);
});

test.serial(
  'a small terminal shows a part of the list around the cursor, and says how much is hidden',
  async t => {
    const many = Array.from({ length: 30 }, (_, at) => choice(`@acme/p${at}`, '1.0.0', '1.0.1'));
    const { lastFrame, type } = await show(t, many, 10);
    t.is(lastFrame().split('\n').length, 9);
    t.regex(lastFrame(), /26 more below/);
    await type('G');
    t.regex(lastFrame(), /26 more above/);
    t.regex(lastFrame(), /^> \[ \] @acme\/p29 /m);
    t.notRegex(lastFrame(), /more below/);
  },
);

async function show(t: ExecutionContext, choices: readonly UpdateChoice[], rows = 24) {
  let end: (chosen: readonly string[] | undefined) => void = () => {};
  const ended = new Promise<readonly string[] | undefined>(resolve => {
    end = resolve;
  });
  const { lastFrame, stdin, unmount } = render(<UpdatePicker choices={choices} rows={rows} onEnd={end} />);
  t.teardown(unmount);
  await sleep(50);
  return {
    ended,
    lastFrame: () => wordsOf(lastFrame() ?? ''),
    async type(...keys: readonly string[]) {
      for (const key of keys) {
        stdin.write(key);
        await sleep(40);
      }
    },
  };
}

function choice(name: string, from: string, to: string, more: Partial<UpdateChoice> = {}): UpdateChoice {
  const step = versionStep(parseVersion(from), parseVersion(to));
  return {
    asked: parsePackageName(name),
    name: parsePackageName(name),
    from: parseVersion(from),
    to: parseVersion(to),
    step,
    group: stepGroup(step),
    prompts: [],
    dev: false,
    yanked: false,
    deprecated: undefined,
    ...more,
  };
}

function broken(prompt: string): NonNullable<UpdateChoice['prompts']>[number] {
  return { prompt, level: 'breaking' };
}
