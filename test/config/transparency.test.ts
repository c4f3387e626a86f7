import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { loadConfig } from '#prompd/config/load.js';
import { tempDir } from '../support/temp.js';

for (const [user, project, variable, expected] of [
  [undefined, undefined, undefined, 'when-present'],
  ['off', undefined, undefined, 'off'],
  ['off', 'required', undefined, 'required'],
  [undefined, 'required', undefined, 'required'],
  [undefined, 'off', undefined, undefined],
  ['required', 'when-present', undefined, undefined],
  ['off', 'off', undefined, 'off'],
  ['required', undefined, 'off', 'off'],
  [undefined, undefined, '', 'when-present'],
  [undefined, undefined, 'always', undefined],
] as const) {
  const result = expected === undefined ? 'is refused' : `is "${expected}"`;
  test(`transparency: user ${user}, project ${project}, variable ${variable} ${result}`, async t => {
    const root = tempDir(t);
    const [home, cwd] = [path.join(root, 'home'), path.join(root, 'project')];
    for (const dir of [home, cwd]) mkdirSync(dir);
    writeFileSync(path.join(cwd, 'prompd.json'), '{}');
    const write = (file: string, transparency: string | undefined) =>
      transparency === undefined ? undefined : writeFileSync(file, JSON.stringify({ transparency }));
    write(path.join(home, 'config.json'), user);
    write(path.join(cwd, '.prompdrc.json'), project);
    const env = { PROMPD_HOME: home, ...(variable === undefined ? {} : { PROMPD_TRANSPARENCY: variable }) };
    const loaded = loadConfig({ cwd, env, flags: {} });
    if (expected === undefined) await t.throwsAsync(loaded, { code: 'ECONFIG', message: /transparency/i });
    else t.is((await loaded).transparency, expected);
  });
}
