import { PassThrough, Writable } from 'node:stream';
import test from 'ava';
import { runCommandLine } from '#prompd/cli/run-command-line.js';
import { environment } from '../support/cli.js';
import { tempDir } from '../support/temp.js';

test('a terminal echoes nothing any more when a question for a secret shows', async t => {
  const home = tempDir(t);
  let echoes = true;
  const stdin = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode(raw: boolean) {
      echoes = !raw;
      return stdin;
    },
  });
  const shown: { readonly text: string; readonly echoes: boolean }[] = [];
  const stderr = new Writable({
    decodeStrings: false,
    write(text: string, _encoding, done) {
      shown.push({ text, echoes });
      done();
      // As fast as somebody who pastes.
      if (/API key: $/.test(text)) stdin.write('sk-secret\r');
    },
  });
  const code = await runCommandLine(
    [
      'provider',
      'add',
      'work',
      '--kind',
      'openai-compatible',
      '--base-url',
      'http://127.0.0.1:9/v1',
      '--key-stdin',
    ],
    {
      version: '0.0.0-test',
      around: {
        env: environment({ PROMPD_HOME: home, TERM: 'dumb' }),
        cwd: () => home,
        stdin,
        stdout: new PassThrough().resume(),
        stderr: Object.assign(stderr, { isTTY: true }),
        once: () => undefined,
      },
    },
  );
  t.is(code, 0, shown.map(({ text }) => text).join(''));
  t.deepEqual(
    shown.filter(({ text }) => text.includes('API key')).map(entry => entry.echoes),
    [false],
  );
  t.true(echoes);
  t.false(shown.some(({ text }) => text.includes('sk-secret')));
});
