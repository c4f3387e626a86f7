import { readdir, readFile } from 'node:fs/promises';
import test from 'ava';
import { PrompdError } from '#prompd/core/errors.js';
import { readArchive } from '#prompd/tarball/index.js';

const bad = new URL('../../../fixtures/bad/', import.meta.url);
const defects = (await readdir(bad)).filter(name => name.startsWith('archive-')).sort();

test('there are hostile archives to test with', t => {
  t.true(defects.length > 70);
});

for (const defect of defects) {
  test(`an archive is refused as a whole for ${defect.replace('archive-', '').replaceAll('-', ' ')}`, async t => {
    const expected: unknown = JSON.parse(await readFile(new URL(`${defect}/expected.json`, bad), 'utf8'));
    const bytes = await readFile(new URL(`${defect}/archive.tgz`, bad));
    const error = await t.throwsAsync(readArchive(bytes), { instanceOf: PrompdError });
    const { code, facts } = error;
    t.deepEqual('entry' in facts ? { code, entry: facts['entry'] } : { code }, expected);
  });
}
