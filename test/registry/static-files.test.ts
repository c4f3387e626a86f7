import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import test from 'ava';
import { PrompdError } from '#prompd/core/errors.js';
import { httpClient } from '#prompd/registry/http.js';
import { folderFiles, webFiles } from '#prompd/registry/static/files.js';
import { tempDir } from '../support/temp.js';
import { hostileServer } from './hostile-server.js';

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

for (const [status, code] of [
  [401, 'EAUTH'],
  [500, 'EREGISTRY'],
] as const) {
  test(`a web server that answers ${status} is ${code}, and says nothing of what is there`, async t => {
    const { url } = await hostileServer(t, (_request, response) => response.writeHead(status).end());
    const http = httpClient({
      registryUrl: url,
      network: { concurrency: 1, timeoutMs: 20_000, retries: 0 },
      userAgent: 'prompd/0.0.0-test',
      token: async () => undefined,
    });
    await t.throwsAsync(webFiles(http, url)('index.json', { ...limits, maxBytes: 100 }), { code });
  });
}
