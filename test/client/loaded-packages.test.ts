import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { z } from 'zod';
import { tempDir } from '../support/temp.js';

const coverage = z.object({ result: z.array(z.object({ url: z.string() })) });

test('an application that imports the client loads few packages, none of them large', t => {
  const dir = tempDir(t);
  const client = path.join(import.meta.dirname, '../../../dist/client/index.js');
  execFileSync(process.execPath, ['--input-type=module', '-e', `await import(${JSON.stringify(client)})`], {
    env: { ...process.env, NODE_V8_COVERAGE: dir },
  });
  const urls = readdirSync(dir).flatMap(file =>
    coverage.parse(JSON.parse(readFileSync(path.join(dir, file), 'utf8'))).result.map(({ url }) => url),
  );
  const packages = urls.flatMap(url => /\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? []);
  t.deepEqual([...new Set(packages)].sort(), [
    'canonicalize',
    'eventsource-parser',
    'jsonc-parser',
    'semver',
    'validate-npm-package-name',
  ]);
});
