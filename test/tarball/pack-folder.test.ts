import { execFileSync } from 'node:child_process';
import { chmod, mkdir, symlink, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import test from 'ava';
import { PrompdError } from '#prompd/core/errors.js';
import { packFolder, readArchive } from '#prompd/tarball/index.js';
import { tempDir } from '../support/temp.js';

const MANIFEST = { name: '@acme/review', version: '1.0.0', prompts: { review: 'prompts/review.prompd' } };
const BASE = { 'prompd.json': JSON.stringify(MANIFEST), 'prompts/review.prompd': 'Review it.' };

for (const [title, files, expected] of [
  [
    'everything is packed where nothing is ignored',
    { 'docs/a.md': '', 'data.yaml': '' },
    ['data.yaml', 'docs/a.md'],
  ],
  [
    '.gitignore leaves files out',
    { '.gitignore': '*.log\ntmp/\n', 'a.log': '', 'tmp/b.md': '', 'c.md': '' },
    ['c.md'],
  ],
  [
    '.prompdignore takes the place of .gitignore',
    { '.gitignore': '*.md', '.prompdignore': '*.txt', 'a.md': '', 'b.txt': '' },
    ['a.md'],
  ],
  [
    'rules of an inner folder are asked first',
    {
      '.gitignore': '*.md',
      'docs/.gitignore': '!keep.md',
      'docs/keep.md': '',
      'docs/drop.md': '',
      'keep.md': '',
    },
    ['docs/keep.md'],
  ],
  [
    'an inner .prompdignore is relative to its folder',
    { 'docs/.prompdignore': '/draft.md', 'docs/draft.md': '', 'docs/more/draft.md': '', 'draft.md': '' },
    ['docs/more/draft.md', 'draft.md'],
  ],
  [
    'README and LICENSE are packed though ignored',
    { '.gitignore': '*', 'README.md': '', LICENCE: '' },
    ['LICENCE', 'README.md'],
  ],
  ['an ignored folder hides what is in it', { '.gitignore': 'docs\n!docs/a.md', 'docs/a.md': '' }, []],
  [
    'version control, installed packages, secrets and archives are never packed',
    {
      '.git/config': '',
      'docs/.git': '',
      'node_modules/a/index.md': '',
      'prompd_packages/a/a.md': '',
      '.env': '',
      'docs/.env.local': '',
      '.ENV.PRODUCTION': '',
      'server.pem': '',
      'docs/private.KEY': '',
      id_rsa: '',
      'id_ed25519.pub': '',
      'cert.p12': '',
      'cert.pfx': '',
      '.npmrc': '',
      '.prompdrc.json': '',
      '.DS_Store': '',
      'prompd-lock.json': '',
      'acme-review-1.0.0.tgz': '',
      'audit.sarif': '',
      'docs/prompd-lock.json': '',
      'docs/example.sarif': '',
    },
    ['docs/example.sarif', 'docs/prompd-lock.json'],
  ],
] as const) {
  test(title, async t => {
    const dir = await folder(tempDir(t), { ...BASE, ...files });
    t.deepEqual(await extra(dir), expected);
  });
}

for (const [title, files, expected] of [
  ['a path selects that path from the root only', ['docs'], ['docs/a.md', 'docs/deep/b.txt']],
  ['a path may start with "./" and end with "/"', ['./docs/deep/'], ['docs/deep/b.txt']],
  ['a pattern selects at any depth', ['*.txt'], ['docs/deep/b.txt', 'other/docs/c.txt']],
  ['an exclusion takes files back', ['!docs/deep', 'docs'], ['docs/a.md']],
  ['a dot selects everything', ['.'], ['docs/a.md', 'docs/deep/b.txt', 'other/docs/c.txt']],
  ['an empty list selects nothing more than must be', [], []],
] as const) {
  test(`in "files", ${title}`, async t => {
    const dir = await folder(tempDir(t), {
      ...BASE,
      'prompd.json': JSON.stringify({ ...MANIFEST, files }),
      '.gitignore': 'docs/deep',
      'docs/a.md': '',
      'docs/deep/b.txt': '',
      'docs/.env': '',
      'other/docs/c.txt': '',
    });
    t.deepEqual(await extra(dir), expected);
  });
}

test('a prompt that the manifest names is packed though ignored', async t => {
  const dir = await folder(tempDir(t), { ...BASE, '.prompdignore': 'prompts/\n' });
  t.deepEqual(await paths(dir), ['package.json', 'prompd.json', 'prompts/review.prompd']);
});

test('the same files give the same integrity whatever their times, modes and order are', async t => {
  const files = {
    ...BASE,
    'README.md': 'Read me',
    'docs/b.md': 'b',
    'docs/a.md': 'a',
    'ä.md': 'umlaut',
    'Z.md': 'z',
  };
  const first = await folder(tempDir(t), files);
  const old = process.umask(0o077);
  const second = await folder(tempDir(t), Object.fromEntries(Object.entries(files).reverse()));
  process.umask(old);
  await chmod(join(second, 'docs/a.md'), 0o755);
  await utimes(join(second, 'README.md'), new Date(0), new Date(86_400_000));
  const packed = await packFolder(first);
  t.is((await packFolder(second)).integrity, packed.integrity);
  t.deepEqual((await packFolder(first)).bytes, packed.bytes);
});

test('locale, time zone and umask of the process do not change the integrity', async t => {
  const dir = await folder(tempDir(t), {
    ...BASE,
    'İ.md': '',
    'i.txt': '',
    'ö.md': '',
    'o.txt': '',
    'Z.md': '',
  });
  const script = `process.umask(0o000); const { packFolder } = await import(${JSON.stringify(import.meta.resolve('#prompd/tarball/index.js'))});
    process.stdout.write((await packFolder(process.argv[1])).integrity)`;
  const inOtherPlace = execFileSync(process.execPath, ['--input-type=module', '-e', script, dir], {
    env: { ...process.env, LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8', TZ: 'Pacific/Kiritimati' },
    encoding: 'utf8',
  });
  t.is(inOtherPlace, (await packFolder(dir)).integrity);
});

test('decomposed file names, as macOS gives them, pack like composed ones', async t => {
  const composed = await folder(tempDir(t), { ...BASE, ['café.md'.normalize('NFC')]: 'x' });
  const decomposed = await folder(tempDir(t), { ...BASE, ['café.md'.normalize('NFD')]: 'x' });
  t.is((await packFolder(decomposed)).integrity, (await packFolder(composed)).integrity);
});

test('a prompt whose name is decomposed on disk is the one that the manifest names', async t => {
  const manifest = { ...MANIFEST, prompts: { review: 'prompts/café.prompd'.normalize('NFC') } };
  const dir = await folder(tempDir(t), {
    'prompd.json': JSON.stringify(manifest),
    ['prompts/café.prompd'.normalize('NFD')]: 'x',
  });
  t.true((await paths(dir)).includes('prompts/café.prompd'.normalize('NFC')));
});

test('links that stay inside are packed as what they lead to', async t => {
  const dir = await folder(tempDir(t), { ...BASE, 'docs/a.md': 'text' });
  await symlink('docs/a.md', join(dir, 'b.md'));
  await symlink('docs', join(dir, 'manual'));
  const contents = await readArchive((await packFolder(dir)).bytes);
  t.deepEqual(
    contents.paths.filter(path => path.endsWith('.md')),
    ['b.md', 'docs/a.md', 'manual/a.md'],
  );
  t.is(Buffer.from((await contents.read('b.md')) ?? []).toString(), 'text');
});

for (const [title, link, target, reason] of [
  ['a link that leaves the folder', 'passwd.md', '/etc/passwd', /leaves the folder/],
  ['a link to the folder above', 'up', '..', /leaves the folder/],
  ['a link that leads nowhere', 'gone.md', 'nothing.md', /leads nowhere/],
  ['a link to a file that is never packed', 'harmless.md', '.env', /never packed/],
  ['a link that leads in a circle', 'docs/again', '../docs', /circle/],
  ['a link to itself', 'self.md', 'self.md', /leads nowhere/],
] as const) {
  test(`${title} stops the packing and is named`, async t => {
    const dir = await folder(tempDir(t), { ...BASE, '.env': 'SECRET=1', 'docs/a.md': '' });
    await symlink(target, join(dir, link));
    const error = await t.throwsAsync(packFolder(dir), {
      instanceOf: PrompdError,
      code: 'EPACK',
      message: reason,
    });
    t.deepEqual(error.facts, { file: link });
  });

  test(`${title} is no matter when it is ignored`, async t => {
    const dir = await folder(tempDir(t), {
      ...BASE,
      '.prompdignore': `/${link}`,
      '.env': '',
      'docs/a.md': '',
    });
    await symlink(target, join(dir, link));
    t.deepEqual(await extra(dir), ['docs/a.md']);
  });
}

test('a pipe stops the packing instead of being waited for', async t => {
  const dir = await folder(tempDir(t), BASE);
  execFileSync('mkfifo', [join(dir, 'pipe')]);
  await t.throwsAsync(packFolder(dir), { code: 'EPACK', message: /not a regular file/ });
});

for (const [title, files, code] of [
  ['no prompd.json', { 'a.md': '' }, 'ENOMANIFEST'],
  ['a manifest that is not JSON', { 'prompd.json': '{' }, 'EBADJSON'],
  ['a manifest without a version', { 'prompd.json': '{"name":"@acme/review"}' }, 'EMANIFEST'],
  ['a prompt that does not exist', { 'prompd.json': JSON.stringify(MANIFEST) }, 'EPACK'],
  [
    'a prompt among what is never packed',
    { 'prompd.json': JSON.stringify({ ...MANIFEST, prompts: { a: '.env.prompd' } }), '.env.prompd': '' },
    'EPACK',
  ],
  ['names that collide where case does not count', { ...BASE, 'a.md': '', 'A.md': '' }, 'EPACK'],
  ['a name that Windows reserves', { ...BASE, 'docs/con.md': '' }, 'EPACK'],
  ['a name with a backslash', { ...BASE, 'docs\\a.md': '' }, 'EPACK'],
  [
    'a file that unpacks to far more than it packs to',
    { ...BASE, 'zeros.md': '0'.repeat(3_000_000) },
    'EPACK',
  ],
] as const) {
  test(`a folder with ${title} is not packed`, async t => {
    await t.throwsAsync(packFolder(await folder(tempDir(t), files)), { code });
  });
}

test('a manifest is packed as it stands on disk, and Windows line ends are warned about', async t => {
  const text = `\ufeff${JSON.stringify(MANIFEST, null, 4).replaceAll('\n', '\r\n')}`;
  const dir = await folder(tempDir(t), { ...BASE, 'prompd.json': text });
  const packed = await packFolder(dir);
  const contents = await readArchive(packed.bytes);
  t.is(Buffer.from((await contents.read('prompd.json')) ?? []).toString(), text);
  t.deepEqual(
    packed.problems.map(({ severity, file }) => ({ severity, file })),
    [{ severity: 'warning', file: 'prompd.json' }],
  );
});

async function folder(dir: string, files: Readonly<Record<string, string>>): Promise<string> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), content);
  }
  return dir;
}

async function paths(dir: string): Promise<readonly string[]> {
  return (await packFolder(dir)).files.map(file => file.path);
}

/** What is packed beside the files that every test has. */
async function extra(dir: string): Promise<readonly string[]> {
  return (await paths(dir)).filter(path => !['package.json', ...Object.keys(BASE)].includes(path));
}
