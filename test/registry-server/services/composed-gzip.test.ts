import { gunzipSync } from 'node:zlib';
import test from 'ava';
import fc from 'fast-check';
import { ComposedGzip, deflatedText } from '#server/services/composed-gzip.js';

test('a stream put together from compressed texts is one gzip member of all of them', t => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.string({ unit: 'binary', maxLength: 300 }), { maxLength: 5 })),
      groups => {
        const gzip = new ComposedGzip();
        const parts = groups.map(texts => gzip.add(texts.map(text => deflatedText(Buffer.from(text)))));
        const stream = Buffer.concat([...parts, gzip.end()]);
        t.is(gunzipSync(stream).toString(), Buffer.from(groups.flat().join('')).toString());
      },
    ),
    { numRuns: 100 },
  );
});
