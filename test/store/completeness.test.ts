import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { countComplete, noteComplete, storeMoment } from '#prompd/store/completeness.js';
import { type Teardown, tempDir } from '../support/temp.js';

const DIGEST = 'a'.repeat(64);
const NAMES = ['@acme/a@1.0.0', '@acme/b@2.0.0-rc.1+7', '@bank/c@1.2.3~0123456789ab', 'plain@1.0.0'];

interface Shelf {
  readonly home: string;
  readonly dirs: readonly string[];
  note(): Promise<void>;
  count(): number | undefined;
}

/** A home with packages that are old enough to be noted. */
async function shelf(t: Teardown, names: readonly string[] = NAMES): Promise<Shelf> {
  const home = path.join(tempDir(t), 'home');
  const dirs = names.map(name => path.join(home, 'packages', ...name.split('/')));
  for (const dir of dirs) makePackage(dir);
  return {
    home,
    dirs,
    note: async () => noteComplete(home, { digest: DIGEST, dirs, since: await storeMoment(home, dirs) }),
    count: () => countComplete(home, DIGEST),
  };
}

function makePackage(dir: string): void {
  mkdirSync(dir, { recursive: true });
  writeFileSync(path.join(dir, '.prompd-package.json'), '{"name":"x"}\n', { mode: 0o444 });
  writeFileSync(path.join(dir, 'a.prompd'), 'text\n');
}

test('nothing is known before it is noted, then all packages are counted', async t => {
  const { note, count } = await shelf(t);
  t.is(count(), undefined);
  await note();
  t.is(count(), NAMES.length);
});

test('a project without packages is complete', async t => {
  const { home, note, count } = await shelf(t, []);
  mkdirSync(path.join(home, 'packages'), { recursive: true });
  await note();
  t.is(count(), 0);
});

const CHANGES: Readonly<Record<string, (dir: string) => void>> = {
  'a removed folder': dir => rmSync(dir, { recursive: true }),
  'a copy in place of a folder': dir => {
    renameSync(dir, `${dir}.old`);
    cpSync(`${dir}.old`, dir, { recursive: true, preserveTimestamps: true });
  },
  'a link to the very folder in its place': dir => {
    renameSync(dir, `${dir}.old`);
    symlinkSync(`${dir}.old`, dir);
  },
  'a file in place of a folder': dir => {
    rmSync(dir, { recursive: true });
    writeFileSync(dir, '');
  },
};

for (const [name, change] of Object.entries(CHANGES)) {
  test(`${name} ends what was noted`, async t => {
    const { dirs, note, count } = await shelf(t);
    await note();
    for (const dir of dirs) {
      t.is(count(), NAMES.length);
      change(dir);
      t.is(count(), undefined, dir);
      // Back as before, but for the times: noted anew.
      rmSync(dir, { recursive: true, force: true });
      rmSync(`${dir}.old`, { recursive: true, force: true });
      makePackage(dir);
      t.is(count(), undefined, 'another folder of the same content is another folder');
      await note();
    }
  });
}

test('packages that come and go beside the noted ones change nothing', async t => {
  const { home, note, count } = await shelf(t);
  await note();
  makePackage(path.join(home, 'packages', '@acme', 'other@1.0.0'));
  makePackage(path.join(home, 'packages', '@new', 'other@1.0.0'));
  t.is(count(), NAMES.length);
  rmSync(path.join(home, 'packages', '@acme', 'other@1.0.0'), { recursive: true });
  t.is(count(), NAMES.length);
  rmSync(path.join(home, 'packages', '@acme', 'a@1.0.0'), { recursive: true });
  t.is(count(), undefined);
});

test('what has changed since it was looked at is not noted, however lately that was', async t => {
  const { home, dirs, count } = await shelf(t);
  for (const dir of dirs) {
    const since = await storeMoment(home, dirs);
    writeFileSync(path.join(dir, 'b.prompd'), 'text\n');
    await noteComplete(home, { digest: DIGEST, dirs, since });
    t.is(count(), undefined, dir);
  }
  await noteComplete(home, { digest: DIGEST, dirs, since: await storeMoment(home, dirs) });
  t.is(count(), dirs.length);
});

test('of packages that are just written, a change at once ends what was noted at once', async t => {
  for (let round = 0; round < 30; round++) {
    const { dirs, note, count } = await shelf(t, ['@acme/a@1.0.0']);
    await note();
    t.is(count(), 1);
    rmSync(dirs[0] ?? '', { recursive: true });
    t.is(count(), undefined);
  }
});

test('packages outside of the store are not noted', async t => {
  const { home, dirs, count } = await shelf(t);
  const outside = path.join(home, '..', 'vendored@1.0.0');
  makePackage(outside);
  const since = await storeMoment(home, [...dirs, outside]);
  await noteComplete(home, { digest: DIGEST, dirs: [...dirs, outside], since });
  t.is(count(), undefined);
});

test('a note that is torn, of another shape, or leads out of the store is as none', async t => {
  const { home, note, count } = await shelf(t);
  await note();
  const [name = ''] = readdirSync(path.join(home, 'complete'));
  const file = path.join(home, 'complete', name);
  const good = readFileSync(file, 'utf8');
  const telling = [1, 2, 3, 4];
  const shelves = [['', ...telling]];
  const bad: readonly unknown[][] = [
    [null, []],
    [[], []],
    [{}, []],
    [{ shelves: [], count: 0 }, []],
    [{ shelves, count: 1 }, [['../../outside@1.0.0', ...telling]]],
    [{ shelves: [['..', ...telling]], count: 0 }, []],
    [{ shelves: [['', 1]], count: 0 }, []],
    [{ shelves, count: '1' }, []],
    [{ shelves, count: 1 }, [['@acme/a@1.0.0', 1, 2, 3, '4']]],
    [{ shelves, count: 1 }, [['@acme/a@1.0.0', 1, 2, 3]]],
    [{ shelves: { length: 1 }, count: 0 }, []],
  ];
  for (const value of bad) {
    writeFileSync(file, value.map(line => `${JSON.stringify(line)}\n`).join(''));
    t.is(count(), undefined, JSON.stringify(value));
  }
  fc.assert(
    fc.property(fc.nat(good.length - 1), length => {
      writeFileSync(file, good.slice(0, length));
      return count() === undefined;
    }),
    { numRuns: 50 },
  );
  fc.assert(
    fc.property(fc.json(), text => {
      writeFileSync(file, text);
      return count() === undefined;
    }),
  );
  writeFileSync(file, good.padEnd(17 * 1024 * 1024));
  t.is(count(), undefined, 'too large to be ours');
  writeFileSync(file, good);
  t.is(count(), NAMES.length);
});

test('any change of one figure in a note makes it one of other folders', async t => {
  const { home, note, count } = await shelf(t);
  await note();
  const file = path.join(home, 'complete', DIGEST);
  // Beside the noted ones: each folder is asked about then.
  makePackage(path.join(home, 'packages', '@new', 'other@1.0.0'));
  const [head = '', folders = ''] = readFileSync(file, 'utf8').split('\n');
  for (const at of [1, 2, 3, 4]) {
    const changed = JSON.parse(folders);
    changed[0][at] += 1;
    writeFileSync(file, `${head}\n${JSON.stringify(changed)}\n`);
    t.is(count(), undefined);
  }
  writeFileSync(file, `${head}\n${folders}\n`);
  t.is(count(), NAMES.length);
});

test('where nothing can be written, nothing is noted and nothing fails', async t => {
  const { home, note, count } = await shelf(t);
  writeFileSync(path.join(home, 'complete'), 'in the way');
  await note();
  t.is(count(), undefined);
});

test('notes do not pile up without end', async t => {
  const { home, dirs } = await shelf(t);
  const folder = path.join(home, 'complete');
  mkdirSync(folder, { recursive: true });
  for (let at = 0; at < 250; at++) writeFileSync(path.join(folder, String(at).padStart(64, '0')), '');
  await noteComplete(home, { digest: DIGEST, dirs, since: await storeMoment(home, dirs) });
  t.deepEqual(readdirSync(folder), [DIGEST]);
  t.true(existsSync(path.join(folder, DIGEST)));
});
