import { gunzipSync } from 'node:zlib';
import test from 'ava';
import { RenderedPackuments } from '#server/services/rendered-packuments.js';

const key = { packageId: 1, revision: 7, form: 'full' };

test('a packument that many ask for at once is rendered once, and afterwards not at all', async t => {
  const rendered = new RenderedPackuments();
  let renders = 0;
  const ask = () =>
    rendered.get(key, async () => {
      renders++;
      return { key, document: { name: 'a', text: 'ä' } };
    });
  const [first, second] = await Promise.all([ask(), ask()]);
  t.is(first, second);
  t.is(await ask(), first);
  t.is(renders, 1);
  t.is(first?.json.toString(), '{"name":"a","text":"ä"}');
  t.deepEqual(first && gunzipSync(first.gzip), first?.json);
});

test('a package that changed while it was read is kept under its newer revision alone', async t => {
  const rendered = new RenderedPackuments();
  const newer = { ...key, revision: 8 };
  await rendered.get(key, async () => ({ key: newer, document: { revision: 8 } }));
  t.is(rendered.peek(key), undefined);
  t.is(rendered.peek(newer)?.json.toString(), '{"revision":8}');
});

test('a failure to render is not kept', async t => {
  const rendered = new RenderedPackuments();
  await t.throwsAsync(rendered.get(key, async () => Promise.reject(new Error('no database'))));
  t.truthy(await rendered.get(key, async () => ({ key, document: {} })));
});
