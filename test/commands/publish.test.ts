import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import { integrityOf } from '#prompd/core/integrity.js';
import type { PackResult } from '#prompd/ops/registry/pack.js';
import type { PublishResult } from '#prompd/ops/registry/publish.js';
import { sharedRegistry } from '../ops/scene.js';
import { hostileServer, json } from '../registry/hostile-server.js';
import { runCli, runHere } from '../support/cli.js';
import { type Teardown, tempDir } from '../support/temp.js';

const PROMPT = `---
name: review
version: "1.0.0"
description: Reviews a change
parameters:
  - name: diff
    type: string
    required: true
---
# System
You review code.

# User
Review {diff}.
`;

async function write(dir: string, files: Record<string, string>): Promise<string> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(dir, name)), { recursive: true });
    await writeFile(path.join(dir, name), content);
  }
  return dir;
}

function manifest(more: object = {}): string {
  return JSON.stringify({
    name: '@acme/review',
    version: '1.0.0',
    description: 'Reviews a change',
    license: 'MIT',
    prompts: { review: 'prompts/review.prompd' },
    ...more,
  });
}

const FILES = { 'prompd.json': manifest(), 'prompts/review.prompd': PROMPT, 'README.md': '# Review\n' };

function packageDir(t: Teardown, more: Record<string, string> = {}): Promise<string> {
  return write(tempDir(t), { ...FILES, ...more });
}

const shared = sharedRegistry(test, async () => undefined);

async function registryWithToken() {
  const registry = shared();
  const token = await registry.token('publish');
  return { registry, env: { PROMPD_REGISTRY: registry.url, PROMPD_TOKEN: token } };
}

test('pack writes an archive that has the integrity it prints, the same one for other times and folders', async t => {
  const cwd = await packageDir(t, { '.env': 'SECRET=1' });
  const first = await runCli(['pack', '--json'], { cwd });
  t.is(first.code, 0, first.stdout);
  const result = first.json<PackResult>();
  t.is(result.path, path.join(cwd, 'acme-review-1.0.0.tgz'));
  t.is(integrityOf(await readFile(path.join(cwd, result.filename))), result.integrity);
  t.deepEqual(
    result.files.map(file => file.path),
    ['README.md', 'package.json', 'prompd.json', 'prompts/review.prompd'],
  );

  const elsewhere = await packageDir(t);
  await utimes(path.join(elsewhere, 'README.md'), 1, 1);
  const second = await runHere(['pack', elsewhere, '--out', tempDir(t), '--json']);
  t.is(second.json<PackResult>().integrity, result.integrity);
});

test('pack --dry-run shows files, sizes and integrity, and writes nothing', async t => {
  const cwd = await packageDir(t);
  const before = await readdir(cwd);
  const { code, stdout } = await runHere(['pack', '--dry-run'], { cwd });
  t.is(code, 0);
  t.regex(
    stdout,
    /^@acme\/review 1\.0\.0\n[\s\S]* B {2}README\.md\n[\s\S]*4 files, .* packed .*\nintegrity sha512-/,
  );
  t.regex(stdout, /would write acme-review-1\.0\.0\.tgz\n$/);
  t.deepEqual(await readdir(cwd), before);
});

for (const [title, args, exit, code] of [
  ['a folder without prompd.json', ['.'], 4, 'ENOMANIFEST'],
  ['a path that there is not', ['nowhere'], 5, 'ENOFILE'],
  ['a file that is no prompt', ['notes.md'], 1, 'EUSAGE'],
  ['a prompt file without a scope', ['review.prompd'], 1, 'EUSAGE'],
  [
    'an output folder that there is not',
    ['review.prompd', '--scope', '@acme', '--out', 'no/where'],
    5,
    'ENOFILE',
  ],
] satisfies [string, string[], number, string][]) {
  test(`pack refuses ${title}`, async t => {
    const cwd = await write(tempDir(t), { 'notes.md': 'x', 'review.prompd': PROMPT });
    const result = await runHere(['pack', ...args, '--json'], { cwd });
    t.like(result.json(), { error: { code } });
    t.is(result.code, exit);
  });
}

test('neither pack nor publish takes a package with a test that "prompd test" would refuse', async t => {
  const test = { name: 'is x', prompt: 'review', assert: [{ type: 'regex', value: '(?=x)' }] };
  const server = await hostileServer(t, (_, response) => json(response, {}));
  const cwd = await packageDir(t, {
    'prompd.json': manifest({ tests: [{ ...test, parameters: { diff: 'x' } }] }),
  });
  const env = { PROMPD_REGISTRY: server.url, PROMPD_TOKEN: 'prompd_0123456789' };
  const before = await readdir(cwd);
  for (const [command, where] of [
    [['pack'], /EBADTEST[\s\S]* 1:\d+ The test "is x" cannot run: statement 1 \(regex\)/],
    [['publish'], /prompd\.json:1:\d+ error EBADTEST The test "is x" cannot run: statement 1 \(regex\)/],
    [['test', '--provider', 'echo'], /EBADTEST[\s\S]*"is x": statement 1 \(regex\)/],
  ] as const) {
    const { code, stdout, stderr } = await runHere(command, { cwd, env });
    t.is(code, 2, stderr);
    t.regex(stdout + stderr, where);
  }
  t.deepEqual(await readdir(cwd), before);
  t.is(server.requests.length, 0);
});

test('publish sends what pack would write, and the registry serves it', async t => {
  const { registry, env } = await registryWithToken();
  const cwd = await packageDir(t);
  const packed = (await runHere(['pack', '--dry-run', '--json'], { cwd })).json<PackResult>();
  const result = await runCli(['publish', '--json'], { cwd, env });
  t.is(result.code, 0, result.stdout);
  t.like(result.json<PublishResult>(), {
    integrity: packed.integrity,
    tag: 'latest',
    registry: `${registry.url}/`,
    receipt: { status: 'published', name: '@acme/review', version: '1.0.0' },
  });
  const info = await runHere(['info', '@acme/review', '--json'], { env });
  t.like(info.json(), { version: '1.0.0', dist: { integrity: packed.integrity } });

  const again = await runHere(['publish'], { cwd, env });
  t.is(again.code, 1);
  t.regex(again.stderr, /ECONFLICT[\s\S]*hint: /);
  t.is(again.stdout, '');
});

test('publish --dry-run needs no token, asks what is published, and sends nothing', async t => {
  const server = await hostileServer(t, (_, response) => json(response, {}));
  const result = await runHere(['publish', '--dry-run'], {
    cwd: await packageDir(t),
    env: { PROMPD_REGISTRY: server.url },
  });
  t.is(result.code, 0, result.stderr);
  t.regex(result.stdout, /would publish @acme\/review@1\.0\.0 to http.* as latest\n$/);
  t.deepEqual(
    server.requests.map(({ method }) => method),
    ['GET'],
  );
});

test('publish without a token sends nothing', async t => {
  const server = await hostileServer(t, (_, response) => json(response, {}));
  const result = await runHere(['publish', '--json'], {
    cwd: await packageDir(t),
    env: { PROMPD_REGISTRY: server.url },
  });
  t.is(result.code, 8);
  t.like(result.json(), { error: { code: 'EAUTH' } });
  t.is(server.requests.length, 0);
});

test('publish without a token to a registry that is not there says so, rather than that a login is missing', async t => {
  const env = { PROMPD_REGISTRY: 'http://127.0.0.1:1', PROMPD_NETWORK_RETRIES: '0' };
  const result = await runHere(['publish', '--json'], { cwd: await packageDir(t), env });
  t.is(result.code, 6);
  t.like(result.json(), { error: { code: 'ENETWORK' } });
});

test('publish counts a conflict as success when its own first answer got lost, and says so', async t => {
  const conflict = { code: 'ECONFLICT', title: 'T', detail: 'It exists.', identical: true };
  let sent = 0;
  const server = await hostileServer(t, (request, response) => {
    if (request.method === 'GET') return json(response, { code: 'ENOTFOUND', title: 'T' }, 404);
    sent += 1;
    return sent === 1 ? void response.destroy() : json(response, conflict, 409);
  });
  const env = { PROMPD_REGISTRY: server.url, PROMPD_TOKEN: 'prompd_0123456789' };
  const result = await runHere(['publish'], { cwd: await packageDir(t), env });
  t.is(result.code, 0, result.stderr);
  t.regex(result.stdout, /published @acme\/review@1\.0\.0 .*\nThe first answer was lost/);
  const again = await runHere(['publish'], { cwd: await packageDir(t), env });
  t.is(again.code, 1, 'a conflict at the first attempt');
  t.regex(again.stderr, /hint: .*raise "version"/);
});

test('what the registry finds wrong with a package is listed, with the exit code of its kind', async t => {
  const problems = [
    { code: 'ESCAN', message: 'A secret.', file: 'README.md', line: 2, column: 1, severity: 'error' },
    { code: 'EMANIFEST', message: 'Odd.', file: 'prompd.json', severity: 'error' },
  ];
  const server = await hostileServer(t, (_, response) =>
    json(response, { code: 'EMANIFEST', detail: 'It cannot be published.', problems }, 422),
  );
  const env = { PROMPD_REGISTRY: server.url, PROMPD_TOKEN: 'prompd_0123456789' };
  const result = await runHere(['publish'], { cwd: await packageDir(t), env });
  t.is(result.code, 2);
  t.regex(result.stderr, /README\.md:2:1 ESCAN A secret\.\n.*prompd\.json: EMANIFEST Odd\./);
  t.is(result.stdout, '');
});

test('publish lists every error of a package, sends nothing, and is exit 2', async t => {
  const server = await hostileServer(t, (_, response) => json(response, {}));
  const cwd = await packageDir(t, {
    'prompd.json': manifest({ prompts: { review: 'prompts/review.prompd', other: 'prompts/other.prompd' } }),
    'prompts/review.prompd': PROMPT.replace('{diff}', '{{ nothing }}'),
    'prompts/other.prompd': PROMPT.replace('"1.0.0"', '1.0'),
  });
  const env = { PROMPD_REGISTRY: server.url, PROMPD_TOKEN: 'prompd_0123456789' };
  const result = await runHere(['publish', '--json'], { cwd, env });
  t.is(result.code, 2);
  const { problems, receipt } = result.json<PublishResult>();
  t.is(receipt, undefined);
  const files = new Set(problems.filter(({ severity }) => severity === 'error').map(({ file }) => file));
  t.deepEqual([...files], ['prompts/other.prompd', 'prompts/review.prompd']);
  const text = await runHere(['publish'], { cwd, env });
  t.regex(text.stdout, /prompts\/review\.prompd:\d+:\d+ error [\s\S]*nothing was published\n$/);
  t.is(server.requests.length, 0);
});

for (const [title, more, args, expected] of [
  [
    'publishConfig sets tag and access',
    { publishConfig: { tag: 'beta', access: 'private' } },
    [],
    { tag: 'beta', access: 'private' },
  ],
  [
    'a flag is stronger than publishConfig',
    { publishConfig: { tag: 'beta' } },
    ['--tag', 'rc'],
    { tag: 'rc' },
  ],
  ['"private" in the manifest makes it private', { private: true }, [], { access: 'private' }],
  ['--private makes it private', {}, ['--private'], { access: 'private' }],
  [
    'a pre-release goes where its tag says',
    { version: '2.0.0-rc.1' },
    ['--tag', 'next'],
    { tag: 'next', version: '2.0.0-rc.1' },
  ],
] satisfies [string, object, string[], object][]) {
  test(`publish: ${title}`, async t => {
    const cwd = await packageDir(t, { 'prompd.json': manifest(more) });
    const result = await runHere(['publish', '--dry-run', '--json', ...args], { cwd });
    t.is(result.code, 0, result.stdout);
    t.like(result.json(), expected);
  });
}

for (const [title, more, args] of [
  ['a pre-release without a tag', { version: '2.0.0-rc.1' }, []],
  ['a tag that is a range', {}, ['--tag', '1.x']],
  ['a tag with blanks', {}, ['--tag', 'next one']],
] satisfies [string, object, string[]][]) {
  test(`publish refuses ${title}`, async t => {
    const cwd = await packageDir(t, { 'prompd.json': manifest(more) });
    const result = await runHere(['publish', '--dry-run', '--json', ...args], { cwd });
    t.is(result.code, 1);
    t.like(result.json(), { error: { code: 'EUSAGE' } });
  });
}

test('a private package that is published again stays private', async t => {
  const { env } = await registryWithToken();
  const name = '@acme/private-review';
  const cwd = await packageDir(t, { 'prompd.json': manifest({ name }) });
  t.is((await runHere(['publish', '--private'], { cwd, env })).code, 0);
  await writeFile(path.join(cwd, 'prompd.json'), manifest({ name, version: '1.0.1' }));
  t.is((await runHere(['publish'], { cwd, env })).code, 0);
  const stranger = await runHere(['info', name], { env: { ...env, PROMPD_TOKEN: undefined } });
  t.is(stranger.code, 5);
});

test('publishConfig cannot send a package to a registry that the user never named', async t => {
  const server = await hostileServer(t, (_, response) => json(response, { name: 'x', scopes: ['publish'] }));
  const cwd = await packageDir(t, { 'prompd.json': manifest({ publishConfig: { registry: server.url } }) });
  const env = { PROMPD_HOME: path.join(tempDir(t), 'home') };
  const refused = await runHere(['publish', '--json'], { cwd, env });
  t.is(refused.code, 4);
  t.like(refused.json(), { error: { code: 'ECONFIG' } });
  const project = await write(cwd, {
    '.prompdrc.json': JSON.stringify({ registries: { x: { url: server.url } } }),
  });
  t.is((await runHere(['publish'], { cwd: project, env })).code, 4, 'the checkout cannot vouch for itself');
  t.is(server.requests.length, 0);

  await runHere(['login', '--token', 'prompd_0123456789', '--registry', server.url], { env });
  const known = await runHere(['publish', '--dry-run', '--json'], { cwd, env });
  t.like(known.json(), { registry: server.url });
});

test('one prompt file becomes a package with the files and packages that it refers to', async t => {
  const { env } = await registryWithToken();
  const cwd = await write(tempDir(t), {
    'notes/other.md': 'not part of it',
    'prompts/shared/rules.md': 'Be kind.',
    'prompts/mail/triage.prompd': `---
id: triage
name: Triage of mail
version: "0.3.0"
description: Sorts mail
author: Ada
tags: [mail, triage]
categories: [support]
requires: ["@acme/tone@^1.2.0"]
contexts: [../shared/rules.md]
parameters:
  - name: mail
---
# User
Sort {mail}.
`,
  });
  const result = await runHere(['publish', 'prompts/mail/triage.prompd', '--scope', '@acme', '--json'], {
    cwd,
    env,
  });
  t.is(result.code, 0, result.stdout);
  const { name, version, files } = result.json<PublishResult>();
  t.deepEqual([name as string, version as string], ['@acme/triage', '0.3.0']);
  t.deepEqual(
    files.map(file => file.path),
    ['mail/triage.prompd', 'package.json', 'prompd.json', 'shared/rules.md'],
  );
  t.like((await runHere(['info', '@acme/triage', '--json'], { env })).json(), {
    description: 'Sorts mail',
    author: 'Ada',
    category: 'support',
    keywords: ['mail', 'triage'],
    prompts: { triage: 'mail/triage.prompd' },
    dependencies: { '@acme/tone': '^1.2.0' },
  });
});

test('the scope of a prompt file comes from the configuration where no flag names one', async t => {
  const cwd = await write(tempDir(t), {
    'review.prompd': PROMPT,
    '.prompdrc.json': JSON.stringify({ scope: '@bank' }),
  });
  const configured = await runHere(['pack', 'review.prompd', '--dry-run', '--json'], { cwd });
  t.like(configured.json(), { name: '@bank/review' });
  const flagged = await runHere(['pack', 'review.prompd', '--scope', 'acme', '--dry-run', '--json'], { cwd });
  t.like(flagged.json(), { name: '@acme/review' });
});

for (const [title, front, exit, code] of [
  ['no version', 'name: review', 2, 'EMANIFEST'],
  ['front matter that cannot be read', 'name: [', 2, undefined],
  ['a reference to a file with secrets', 'name: review\nversion: "1.0.0"\ncontexts: [./.env]', 2, 'EPACK'],
] satisfies [string, string, number, string | undefined][]) {
  test(`a prompt file with ${title} is not packed`, async t => {
    const cwd = await write(tempDir(t), {
      'review.prompd': `---\n${front}\n---\n# User\nHi\n`,
      '.env': 'SECRET=1',
    });
    const result = await runHere(['pack', 'review.prompd', '--scope', '@acme', '--json'], { cwd });
    t.is(result.code, exit, result.stdout);
    if (code !== undefined) t.like(result.json(), { error: { code } });
  });
}

test('a prompt file does not bring along what lies outside the folder that is worked in', async t => {
  const root = await write(tempDir(t), {
    'secret.md': 'outside',
    'work/review.prompd': PROMPT.replace('parameters:', 'contexts: [../secret.md]\nparameters:'),
  });
  const result = await runHere(['publish', 'review.prompd', '--scope', '@acme', '--dry-run', '--json'], {
    cwd: path.join(root, 'work'),
  });
  t.is(result.code, 2, result.stdout);
  t.false(result.stdout.includes('secret.md"\n'));
  t.false(result.json<PublishResult>().files.some(file => file.path.includes('secret')));
});
