import test from 'ava';
import { z } from 'zod';
import { integrityOf } from '#prompd/core/integrity.js';
import { makeScene } from '../../ops/scene.js';
import { jsonBody, packTest, startTestRegistry } from '../../support/registry.js';
import { startMirror, uplink } from '../mirror-scene.js';

const documentSchema = z.looseObject({
  versions: z.record(
    z.string(),
    z.looseObject({
      dependencies: z.record(z.string(), z.string()).optional(),
      dist: z.looseObject({ integrity: z.string(), tarball: z.string() }),
    }),
  ),
});

test("npm's clients read what is mirrored from another registry, and publish nothing over it", async t => {
  const common = await startTestRegistry(t);
  await common.publish({ name: '@common/tone', version: '1.0.0' });
  const dependencies = { '@common/tone': '^1.0.0' };
  const packed = await common.publish({ name: '@common/reviews', version: '1.0.0', dependencies });
  const mirror = await startMirror(t, [uplink(common.url, { packages: ['@common/*'] })]);

  const answer = await mirror.request('/npm/@common%2freviews', {
    token: null,
    headers: { accept: 'application/vnd.npm.install-v1+json' },
  });
  t.is(answer.status, 200);
  const version = documentSchema.parse(await answer.json()).versions['1.0.0'];
  t.deepEqual(version?.dependencies, dependencies);
  t.is(version?.dist.integrity, packed.integrity as string);
  const tarball = version?.dist.tarball ?? '';
  t.is(tarball, `${mirror.url}/npm/@common/reviews/-/reviews-1.0.0.tgz`);
  const bytes = new Uint8Array(await (await fetch(tarball)).arrayBuffer());
  t.is(integrityOf(bytes), packed.integrity);

  const scene = makeScene(t, mirror.url, { manifest: {} });
  await scene.good('install', '@common/reviews');
  const audit = await scene.run('audit', 'signatures');
  t.is(audit.code, 7, 'the keys of the other registry are not those of this one');
  t.regex(audit.stdout, /no such key\.[\s\S]*keys of others that it mirrors: map such a scope/);
  const required = makeScene(t, mirror.url, { manifest: {} });
  required.write('.prompdrc.json', { signatures: 'required' });
  const unlisted = await required.run('install', '@common/reviews');
  t.regex(
    unlisted.stderr,
    /ESIGNATURE[\s\S]*Where the registry mirrors another one, map the scope to that one/,
  );
  t.deepEqual(required.stored(), {});

  const next = await packTest({ name: '@common/reviews', version: '2.0.0' });
  const publication = {
    name: '@common/reviews',
    'dist-tags': { latest: '2.0.0' },
    versions: { '2.0.0': {} },
    _attachments: { 'reviews-2.0.0.tgz': { data: Buffer.from(next.bytes).toString('base64') } },
  };
  const refused = await mirror.request('/npm/@common%2freviews', jsonBody('PUT', publication));
  t.true([403, 409].includes(refused.status), `${refused.status} ${await refused.text()}`);
  const tagged = await mirror.request(
    '/npm/-/package/@common%2freviews/dist-tags/stable',
    jsonBody('PUT', '1.0.0'),
  );
  t.true([403, 409].includes(tagged.status), `${tagged.status} ${await tagged.text()}`);
});
