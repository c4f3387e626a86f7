import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import test from 'ava';
import { PrompdError } from '#prompd/core/errors.js';
import { folderFiles } from '#prompd/registry/static/files.js';
import { tempDir } from '../support/temp.js';

const limits = { maxBytes: 1000, tooLarge: () => new PrompdError('EBADRESPONSE', 'too large') };

const STRANGE: readonly [string, (file: string) => void][] = [
  ['a folder', file => mkdirSync(file)],
  ['a link to a device without end', file => symlinkSync('/dev/zero', file)],
  ['a named pipe', file => execFileSync('mkfifo', [file])],
];

for (const [what, make] of STRANGE) {
  test(`${what} in the place of a file of a registry is refused at once`, async t => {
    const dir = tempDir(t);
    make(path.join(dir, 'index.json'));
    const read = folderFiles(pathToFileURL(`${dir}/`).href);
    await t.throwsAsync(read('index.json', limits), { code: 'EBADRESPONSE', message: /not a plain file/ });
  });
}
