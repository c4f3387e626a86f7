import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { PrompdError } from '#prompd/core/errors.js';
import { setVersion, type VersionOptions } from '#prompd/ops/version/version.js';
import { finished, runCli, startCli } from '../../support/cli.js';
import { testContext } from '../../support/context.js';
import { type Teardown, tempDir } from '../../support/temp.js';
import { DEFAULTS, GIT, MORE, manifest, packageDir, step, text, versionIn } from './version-scene.js';

function git(dir: string, ...args: string[]): string {
  return execFileSync('git', args, {
    cwd: dir,
    env: GIT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** A package in a repository of its own, with one commit. */
function repositoryDir(t: Teardown, version = '1.2.3'): string {
  const dir = packageDir(t, version);
  git(dir, 'init', '-q', '-b', 'main');
  git(dir, 'add', '.');
  git(dir, 'commit', '-q', '-m', 'start');
  return dir;
}

function hook(dir: string, name: string, script: string): void {
  const file = path.join(dir, '.git', 'hooks', name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}

const commits = (dir: string) => git(dir, 'log', '--format=%s').trim().split('\n');
const tags = (dir: string) => git(dir, 'tag').trim().split('\n').filter(Boolean);

const STEPS: readonly [from: string, word: string, preid: string | undefined, to: string][] = [
  ['1.2.3', 'major', undefined, '2.0.0'],
  ['1.2.3', 'minor', undefined, '1.3.0'],
  ['1.2.3', 'patch', undefined, '1.2.4'],
  ['1.2.3', 'prerelease', undefined, '1.2.4-0'],
  ['1.2.3', 'prerelease', 'beta', '1.2.4-beta.0'],
  ['1.2.4-beta.0', 'prerelease', 'beta', '1.2.4-beta.1'],
  ['1.2.4-beta.1', 'patch', undefined, '1.2.4'],
  ['1.2.3', 'premajor', 'rc', '2.0.0-rc.0'],
  ['1.2.3', '7.0.0', undefined, '7.0.0'],
  ['1.2.3', '1.0.0', undefined, '1.0.0'],
];

for (const [from, word, preid, to] of STEPS) {
  test(`${from} ${word}${preid ? ` --preid ${preid}` : ''} is ${to}, outside git only written`, async t => {
    const dir = packageDir(t, from);
    const result = await step(dir, word, { preid });
    t.deepEqual([`${result.before}`, `${result.version}`, versionIn(dir)], [from, to, to]);
    t.is(result.git, undefined);
  });
}

test('a misspelt step comes with the one that was meant', async t => {
  const dir = packageDir(t, '1.2.3');
  const error = await t.throwsAsync(step(dir, 'mior'), { code: 'EBADVERSION' });
  t.is(error instanceof PrompdError ? error.hint : '', 'Did you mean "minor"?');
});

const REFUSED: readonly [word: string, options: Partial<VersionOptions>, code: string][] = [
  ['bigger', {}, 'EBADVERSION'],
  ['v1.3.0', {}, 'EBADVERSION'],
  ['1.2.3', {}, 'EUSAGE'],
  ['patch', { preid: 'beta' }, 'EUSAGE'],
  ['prerelease', { preid: 'b!' }, 'EUSAGE'],
  ['prerelease', { preid: 'b.01' }, 'EUSAGE'],
  ['auto', { preid: 'beta' }, 'EUSAGE'],
];

for (const [word, options, code] of REFUSED) {
  test(`refused with ${code}, and nothing written: ${word} ${JSON.stringify(options)}`, async t => {
    const dir = packageDir(t, '1.2.3');
    const before = text(dir);
    t.like(await t.throwsAsync(step(dir, word, options)), { code });
    t.is(text(dir), before);
  });
}

test('nothing of prompd.json changes but the version', async t => {
  const dir = tempDir(t);
  const odd = '\ufeff{\r\n\t"version" : "1.2.3",\r\n\t"name":"@acme/say",   "prompts": {}\r\n}';
  writeFileSync(path.join(dir, 'prompd.json'), odd);
  await step(dir, 'minor');
  t.is(text(dir), odd.replace('1.2.3', '1.3.0'));
});

test('a manifest without a version gets one that is named, and none that would be a guess', async t => {
  const dir = tempDir(t);
  writeFileSync(path.join(dir, 'prompd.json'), '{\n  "name": "@acme/say",\n  "prompts": {}\n}\n');
  t.like(await t.throwsAsync(step(dir, 'minor')), { code: 'EUSAGE' });
  await step(dir, '1.0.0');
  t.is(text(dir), '{\n  "name": "@acme/say",\n  "version": "1.0.0",\n  "prompts": {}\n}\n');
});

test('a manifest with two versions is refused', async t => {
  const dir = tempDir(t);
  writeFileSync(
    path.join(dir, 'prompd.json'),
    '{"version": "1.0.0", "name": "@acme/say", "version": "1.2.3"}',
  );
  t.like(await t.throwsAsync(step(dir, 'minor')), { code: 'EMANIFEST' });
});

test('no manifest, no version', async t => {
  t.like(await t.throwsAsync(step(tempDir(t), 'minor')), { code: 'ENOMANIFEST' });
});

test('in git prompd.json is committed alone, and the commit tagged; the version of prompt files stays', async t => {
  const dir = repositoryDir(t);
  writeFileSync(path.join(dir, 'notes.md'), 'untracked');
  const result = await step(dir, 'minor', { message: 'release %s' });
  t.is(result.git?.tag, 'v1.3.0');
  t.is(result.git?.commit, git(dir, 'rev-parse', 'HEAD').trim());
  t.deepEqual(commits(dir), ['release 1.3.0', 'start']);
  t.is(git(dir, 'show', '--format=', '--name-only', 'HEAD').trim(), 'prompd.json');
  t.is(git(dir, 'rev-parse', 'v1.3.0^{commit}').trim(), `${result.git?.commit}`);
  t.is(git(dir, 'tag', '-l', '--format=%(objecttype) %(contents:subject)').trim(), 'tag release 1.3.0');
  t.is(git(dir, 'status', '--porcelain').trim(), '?? notes.md');
  t.regex(readFileSync(path.join(dir, 'say.prompd'), 'utf8'), /version: "1\.0\.0"/);
});

test('two steps at once are one behind the other: each has its commit and its tag', async t => {
  const dir = repositoryDir(t);
  hook(dir, 'pre-commit', 'sleep 0.3');
  const results = await Promise.all([step(dir, 'patch'), step(dir, 'minor')]);
  const [last, , ...others] = commits(dir);
  t.is(last, versionIn(dir));
  t.deepEqual(others, ['start']);
  t.deepEqual(tags(dir), results.map(({ version }) => `v${version}`).sort());
  for (const { version } of results) {
    t.is(JSON.parse(git(dir, 'show', `v${version}:prompd.json`)).version, version);
  }
  t.is(git(dir, 'status', '--porcelain'), '');
});

test('the package may lie in a folder of the repository, be new to it, and have a tag of its own kind', async t => {
  const root = repositoryDir(t);
  const dir = path.join(root, 'tone');
  mkdirSync(dir);
  writeFileSync(path.join(dir, 'prompd.json'), JSON.stringify(manifest('0.1.0', '@acme/tone')));
  await step(dir, 'minor', { tagPrefix: 'tone-v' });
  t.deepEqual(tags(root), ['tone-v0.2.0']);
  t.is(git(root, 'show', '--format=', '--name-only', 'HEAD').trim(), 'tone/prompd.json');
});

test('what is not committed is refused, and with --force left out of the commit', async t => {
  const dir = repositoryDir(t);
  writeFileSync(path.join(dir, 'say.prompd'), MORE);
  git(dir, 'add', 'say.prompd');
  const error = await t.throwsAsync(step(dir, 'minor'));
  t.like(error, { code: 'EGIT', facts: { changed: ['M  say.prompd'] } });
  t.is(versionIn(dir), '1.2.3');
  await step(dir, 'minor', { force: true });
  t.is(git(dir, 'show', '--format=', '--name-only', 'HEAD').trim(), 'prompd.json');
  t.is(git(dir, 'status', '--porcelain').trim(), 'M  say.prompd');
});

test('a tag that is there is refused before anything is written, with --force too', async t => {
  const dir = repositoryDir(t);
  git(dir, 'tag', 'v1.3.0');
  for (const force of [false, true]) {
    t.like(await t.throwsAsync(step(dir, 'minor', { force })), { code: 'EGIT', facts: { tag: 'v1.3.0' } });
  }
  t.is(versionIn(dir), '1.2.3');
  t.deepEqual(commits(dir), ['start']);
});

test('--no-git only writes', async t => {
  const dir = repositoryDir(t);
  t.is((await step(dir, 'minor', { git: false })).git, undefined);
  t.deepEqual([versionIn(dir), commits(dir), tags(dir)], ['1.3.0', ['start'], []]);
});

test('--allow-same-version tags the commit that is there', async t => {
  const dir = repositoryDir(t);
  const result = await step(dir, '1.2.3', { allowSameVersion: true });
  t.deepEqual(result.git, { commit: undefined, tag: 'v1.2.3' });
  t.deepEqual([commits(dir), tags(dir)], [['start'], ['v1.2.3']]);
});

test('a repository that ignores prompd.json is left alone', async t => {
  const dir = packageDir(t, '1.2.3');
  git(dir, 'init', '-q');
  writeFileSync(path.join(dir, '.gitignore'), 'prompd.json\n');
  t.is((await step(dir, 'patch')).git, undefined);
  t.is(versionIn(dir), '1.2.4');
});

test('without git the version is only written', async t => {
  const dir = repositoryDir(t);
  const context = await testContext({ cwd: dir, env: { PATH: path.join(dir, 'nothing') } });
  t.is((await setVersion(context, { ...DEFAULTS, step: 'patch' })).git, undefined);
  t.is(versionIn(dir), '1.2.4');
});

const FAILURES: readonly [title: string, prepare: (dir: string) => void, said: RegExp][] = [
  ['a hook that refuses', dir => hook(dir, 'pre-commit', 'echo "not today" >&2; exit 1'), /not today/],
  ['a hook that kills git', dir => hook(dir, 'pre-commit', 'kill -9 $PPID'), /"git commit" failed/],
  [
    'a signature that cannot be made',
    dir => {
      git(dir, 'config', 'commit.gpgsign', 'true');
      git(dir, 'config', 'gpg.program', 'false');
    },
    /sign/,
  ],
];

for (const [title, prepare, said] of FAILURES) {
  test(`after ${title}, prompd.json is what it was`, async t => {
    const dir = repositoryDir(t);
    prepare(dir);
    const before = text(dir);
    const error = await t.throwsAsync(step(dir, 'minor'));
    t.like(error, { code: 'EGIT' });
    t.regex(error?.message ?? '', said);
    t.is(text(dir), before);
    t.deepEqual([commits(dir), tags(dir)], [['start'], []]);
    t.is(git(dir, 'diff', 'HEAD', '--name-only'), '');
  });
}

test('after a failed first commit of prompd.json, it is as new to git as it was', async t => {
  const dir = packageDir(t, '1.2.3');
  git(dir, 'init', '-q');
  hook(dir, 'pre-commit', 'exit 1');
  t.like(await t.throwsAsync(step(dir, 'minor')), { code: 'EGIT' });
  t.is(git(dir, 'status', '--porcelain', '--untracked-files=all', 'prompd.json').trim(), '?? prompd.json');
  t.is(versionIn(dir), '1.2.3');
});

test('a tag that cannot be made leaves the commit, and says how to go on', async t => {
  const dir = repositoryDir(t);
  git(dir, 'config', 'tag.gpgSign', 'true');
  git(dir, 'config', 'gpg.program', 'false');
  const error = await t.throwsAsync(step(dir, 'minor'));
  t.like(error, { code: 'EGIT' });
  t.regex(error?.message ?? '', /^1\.3\.0 is committed, but not tagged/);
  t.deepEqual(commits(dir), ['1.3.0', 'start']);
  git(dir, 'config', 'tag.gpgSign', 'false');
  await step(dir, '1.3.0', { allowSameVersion: true });
  t.deepEqual(tags(dir), ['v1.3.0']);
});

test('the hooks of the repository run, and see the new version', async t => {
  const dir = repositoryDir(t);
  hook(dir, 'pre-commit', 'grep -q \'"version": "1.3.0"\' prompd.json && touch .git/seen');
  await step(dir, 'minor');
  t.true(existsSync(path.join(dir, '.git', 'seen')));
});

test('a command that is stopped while a hook runs puts prompd.json back', async t => {
  const dir = repositoryDir(t);
  hook(dir, 'pre-commit', 'touch .git/started; exec sleep 30');
  const child = startCli(t, ['version', 'minor', '--json'], { cwd: dir, env: GIT });
  const ended = finished(child);
  while (!existsSync(path.join(dir, '.git', 'started'))) await new Promise(done => setTimeout(done, 20));
  t.is(versionIn(dir), '1.3.0');
  child.kill('SIGTERM');
  const { code, json } = await ended;
  t.is(code, 1);
  t.like(json(), { error: { code: 'ECANCELLED' } });
  t.is(versionIn(dir), '1.2.3');
  t.deepEqual(commits(dir), ['start']);
});

test('without a word the versions in force are shown', async t => {
  const dir = packageDir(t, '1.2.3');
  const { code, stdout, json } = await runCli(['version', '--json'], { cwd: dir });
  t.is(code, 0, stdout);
  t.like(json(), { '@acme/say': '1.2.3', node: process.versions.node });
  const plain = await runCli(['version']);
  t.regex(plain.stdout, /^prompd \d+\.\d+\.\d+\nnode \d+/);
});

test('the command line reads its flags, and prints what was done', async t => {
  const dir = repositoryDir(t);
  const { code, stdout, stderr } = await runCli(['version', 'minor', '-m', 'go %s', '--tag-prefix', ''], {
    cwd: dir,
    env: GIT,
  });
  t.is(code, 0, stderr);
  t.regex(stdout, /^1\.2\.3 -> 1\.3\.0\ncommitted [0-9a-f]{12}, tagged 1\.3\.0\n$/);
  t.deepEqual([commits(dir)[0], tags(dir)], ['go 1.3.0', ['1.3.0']]);
  const plain = await runCli(['version', 'patch', '--no-git', '--json'], { cwd: dir, env: GIT });
  t.like(plain.json(), { before: '1.3.0', version: '1.3.1' });
  t.deepEqual(tags(dir), ['1.3.0']);
});
