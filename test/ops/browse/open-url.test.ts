import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { openUrl } from '#prompd/ops/browse/open-url.js';
import { tempDir } from '../../support/temp.js';

for (const [title, url, env] of [
  ['a file', 'file:///etc/passwd', { BROWSER: 'true' }],
  ['a script', 'javascript:alert(1)', { BROWSER: 'true' }],
  ['what is no address', '; rm -rf /', { BROWSER: 'true' }],
  ['anything through SSH', 'https://example.com/', { DISPLAY: ':0', SSH_CONNECTION: '1' }],
  ['anything without a desktop', 'https://example.com/', {}],
  ['anything with a browser that is not there', 'https://example.com/', { BROWSER: '/nowhere/browser' }],
] as const) {
  test(`${title} is not opened`, async t => {
    t.false(await openUrl(url, { platform: 'linux', env }));
  });
}

test('an address is one word to the browser, whatever is in it', async t => {
  const dir = tempDir(t);
  const seen = path.join(dir, 'seen.txt');
  const browser = path.join(dir, 'browser');
  writeFileSync(browser, `#!/bin/sh\nprintf '%s|' "$#" "$@" > '${seen}.new'\nmv '${seen}.new' '${seen}'\n`);
  chmodSync(browser, 0o755);
  const url = 'https://example.com/a;touch%20b?x=$(id)&y=`id`';
  t.true(await openUrl(url, { platform: 'linux', env: { BROWSER: browser } }));
  for (let waited = 0; !existsSync(seen) && waited < 10_000; waited += 20) await sleep(20);
  t.is(readFileSync(seen, 'utf8'), `1|${new URL(url).href}|`);
});
