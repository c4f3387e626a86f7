import type { TestFn } from 'ava';
import test from 'ava';
import { type PublishResult, publish } from '#prompd/ops/registry/publish.js';
import { hostileServer, json } from '../../registry/hostile-server.js';
import { testContext } from '../../support/context.js';
import { makeScene, type Scene, sharedRegistry } from '../scene.js';

const PROMPT = (parameters: string, text = 'Say {{ word }}.') =>
  `---\nname: say\nversion: "1.0.0"\nparameters:\n${parameters}---\n# User\n${text}\n`;
const WORD = '  - {name: word, type: string, required: true}\n';
const TONE = '  - {name: tone, type: string}\n';
const USE_TONE = 'Say {{ word }} {{ tone | default("") }}.';
const OPTIONAL = PROMPT(WORD + TONE, USE_TONE);
const REQUIRED = PROMPT(WORD + TONE.replace('}', ', required: true}'), USE_TONE);

const manifest = (name: string, version: string, more: object = {}) => ({
  name,
  version,
  description: 'Says a word',
  license: 'MIT',
  prompts: { say: 'say.prompd' },
  ...more,
});

const registry = sharedRegistry(test as TestFn, async () => {});

let packages = 0;

/** Publishes versions of a package of its own, oldest first, with the text of their prompt. */
async function published(versions: Readonly<Record<string, string>>): Promise<{ name: string }> {
  packages += 1;
  const name = `@acme/say-${packages}`;
  for (const [version, text] of Object.entries(versions)) {
    await registry().publish(manifest(name, version), { 'say.prompd': text });
  }
  return { name };
}

async function sceneOf(
  t: Parameters<typeof makeScene>[0],
  own: object,
  files: Readonly<Record<string, string>>,
): Promise<Scene> {
  const scene = makeScene(t, registry().url, { manifest: own, env: { PROMPD_TOKEN: registry().adminToken } });
  for (const [file, text] of Object.entries(files)) scene.write(file, text);
  scene.write('README.md', '# Say\n');
  return scene;
}

test('a version whose step is too small for a breaking change is refused, and says which would do', async t => {
  const { name } = await published({ '1.2.3': OPTIONAL });
  const scene = await sceneOf(t, manifest(name, '1.3.0'), { 'say.prompd': REQUIRED });
  for (const flags of [['--dry-run'], []]) {
    const { code, stdout, stderr } = await scene.run('publish', ...flags);
    t.is(code, 2);
    t.is(stdout, '');
    t.regex(stderr, /EBUMP: .* is too small a step from 1\.2\.3: .* need 2\.0\.0 or higher/);
    t.regex(stderr, /breaking: say: The parameter "tone" is required now\./);
    t.regex(stderr, /hint: Run "prompd version 2\.0\.0".*--allow-breaking/);
  }
  const told = await scene.run('publish', '--json');
  t.like(told.json(), {
    error: { code: 'EBUMP', exitCode: 2, facts: { before: '1.2.3', version: '1.3.0', needed: '2.0.0' } },
  });
  const forced = await scene.good('publish', '--allow-breaking', '--json');
  t.like(forced.json<PublishResult>(), {
    receipt: { status: 'published' },
    comparison: { base: '1.2.3', level: 'breaking', needed: { version: '2.0.0', enough: false } },
  });
});

const STEPS: readonly [
  title: string,
  versions: Record<string, string>,
  version: string,
  text: string,
  needed?: string,
][] = [
  ['a minor change in a patch', { '1.0.0': PROMPT(WORD) }, '1.0.1', OPTIONAL, '1.1.0'],
  ['a minor change in a minor step', { '1.0.0': PROMPT(WORD) }, '1.1.0', OPTIONAL],
  ['another text in a patch', { '1.0.0': PROMPT(WORD) }, '1.0.1', PROMPT(WORD, 'Shout {{ word }}.')],
  ['a breaking change in a major step', { '1.0.0': OPTIONAL }, '2.0.0', REQUIRED],
  ['a breaking change in a pre-release of a major step', { '1.0.0': OPTIONAL }, '2.0.0-beta.1', REQUIRED],
  ['a breaking change in a pre-release of a patch', { '1.0.0': OPTIONAL }, '1.0.1-beta.1', REQUIRED, '2.0.0'],
  ['a breaking change in 0.5.0 after 0.4.1', { '0.4.1': OPTIONAL }, '0.5.0', REQUIRED],
  ['a breaking change in 0.4.2 after 0.4.1', { '0.4.1': OPTIONAL }, '0.4.2', REQUIRED, '0.5.0'],
  [
    'a patch of an older line, held against that line',
    { '1.2.4': OPTIONAL, '2.0.0': REQUIRED },
    '1.2.5',
    OPTIONAL,
  ],
  ['a breaking patch of an older line', { '1.2.4': OPTIONAL, '2.0.0': REQUIRED }, '1.2.5', REQUIRED, '2.0.0'],
  [
    'a release after a pre-release that broke something, held against the release before',
    { '1.0.0': OPTIONAL, '2.0.0-beta.1?tag=next': REQUIRED },
    '2.0.0',
    OPTIONAL,
  ],
  ['a first release after pre-releases', { '1.0.0-beta.1?tag=next': OPTIONAL }, '1.0.0', REQUIRED],
];

for (const [title, versions, version, text, needed] of STEPS) {
  test(`${needed ? 'refused' : 'published'}: ${title}`, async t => {
    packages += 1;
    const name = `@acme/say-${packages}`;
    for (const [spec, old] of Object.entries(versions)) {
      const [number = '', query] = spec.split('?');
      await registry().publish(manifest(name, number), { 'say.prompd': old }, query && `?${query}`);
    }
    const scene = await sceneOf(t, manifest(name, version), { 'say.prompd': text });
    const context = await testContext({ cwd: scene.dir, home: scene.home, env: { ...scene.env } });
    const result = publish(context, { target: '.', tag: 'next', dryRun: true });
    if (needed) t.like(await t.throwsAsync(result), { code: 'EBUMP', facts: { needed } });
    else t.deepEqual((await result).problems, []);
  });
}

test('one prompt file that is too small a step is told to raise the version in its front matter', async t => {
  packages += 1;
  const name = `say-${packages}`;
  const loose = (text: string) => text.replace('name: say', `name: ${name}`);
  await registry().publish(
    { ...manifest(`@acme/${name}`, '0.9.0'), prompts: { [name]: 'say.prompd' }, main: name },
    { 'say.prompd': loose(OPTIONAL) },
  );
  const scene = await sceneOf(t, {}, {});
  scene.write('say.prompd', loose(REQUIRED).replace('1.0.0', '0.9.1'));
  const context = await testContext({ cwd: scene.dir, home: scene.home, env: { ...scene.env } });
  const refused = await t.throwsAsync(
    publish(context, { target: 'say.prompd', scope: '@acme', dryRun: true }),
  );
  t.like(refused, { code: 'EBUMP', facts: { needed: '0.10.0' } });
  t.regex(`${Reflect.get(refused ?? {}, 'hint')}`, /^Write version: "0\.10\.0" into its front matter/);
});

test('a prompt that inherits from another package is compared without that package being installed', async t => {
  const base = await published({ '1.0.0': OPTIONAL, '2.0.0': REQUIRED });
  packages += 1;
  const name = `@acme/say-${packages}`;
  const child = `---\nname: child\nversion: "1.0.0"\ninherits: "${base.name}:say"\n---\n`;
  const inherits = (range: string) => ({ dependencies: { [base.name]: range } });
  await registry().publish(manifest(name, '1.0.0', inherits('^1.0.0')), { 'say.prompd': child });
  const scene = await sceneOf(t, manifest(name, '1.0.1', inherits('^2.0.0')), { 'say.prompd': child });
  const result = await scene.run('publish', '--json');
  t.like(result.json(), { error: { code: 'EBUMP', facts: { needed: '2.0.0' } } });
});

test('a first version has nothing to compare with, and says so', async t => {
  packages += 1;
  const scene = await sceneOf(t, manifest(`@acme/say-${packages}`, '1.0.0'), { 'say.prompd': OPTIONAL });
  const { stdout } = await scene.good('publish');
  t.regex(stdout, /nothing to compare with: http.* shows no earlier version/);
});

test('a registry that lets nobody read what is published is an error, unless that is wanted or nothing is sent', async t => {
  const server = await hostileServer(t, (request, response) =>
    request.method === 'GET'
      ? json(response, { code: 'EFORBIDDEN', title: 'This token can only write.' }, 403)
      : json(
          response,
          { name: '@acme/say', version: '1.0.0', integrity: 'x', tag: 'latest', status: 'published' },
          201,
        ),
  );
  const scene = makeScene(t, server.url, {
    manifest: manifest('@acme/say', '1.0.0'),
    env: { PROMPD_TOKEN: 'prompd_0123456789' },
  });
  scene.write('say.prompd', OPTIONAL);
  scene.write('README.md', '# Say\n');
  const refused = await scene.run('publish');
  t.is(refused.code, 8);
  t.regex(
    refused.stderr,
    /What is published of @acme\/say cannot be compared.*\n[\s\S]*hint: .*--allow-breaking/,
  );
  t.true(server.requests.every(({ method }) => method === 'GET'));
  const dry = await scene.good('publish', '--dry-run');
  t.regex(dry.stderr, /warning: The contracts were not compared: the versions at .* cannot be read/);
});

test('a registry that fails while versions are compared is not said to want another token', async t => {
  const server = await hostileServer(t, (_request, response) =>
    json(response, { code: 'EUPSTREAM', title: 'The uplink is down.' }, 502),
  );
  const scene = makeScene(t, server.url, {
    manifest: manifest('@acme/say', '1.0.0'),
    env: { PROMPD_TOKEN: 'prompd_0123456789', PROMPD_NETWORK_RETRIES: '0' },
  });
  scene.write('say.prompd', OPTIONAL);
  scene.write('README.md', '# Say\n');
  const { code, stderr } = await scene.run('publish');
  t.is(code, 6);
  t.regex(stderr, /hint: Try again later.*--allow-breaking/);
  t.notRegex(stderr, /Use a token/);
});

test('an old version that cannot be read is a warning, as nothing can mend it', async t => {
  const integrity = `sha512-${Buffer.alloc(64, 1).toString('base64')}`;
  const server = await hostileServer(t, (request, response) => {
    if (request.url?.endsWith('.tgz')) return void response.end('not an archive');
    return json(response, {
      name: '@acme/say',
      versions: {
        '0.9.0': {
          name: '@acme/say',
          version: '0.9.0',
          dist: { integrity, tarball: `http://${request.headers.host}/say.tgz` },
        },
      },
    });
  });
  const scene = makeScene(t, server.url, { manifest: manifest('@acme/say', '1.0.0') });
  scene.write('say.prompd', OPTIONAL);
  scene.write('README.md', '# Say\n');
  const { stderr, stdout } = await scene.good('publish', '--dry-run');
  t.regex(stderr, /warning: The contracts were not compared: @acme\/say@0\.9\.0 cannot be read/);
  t.regex(stdout, /nothing to compare with: @acme\/say@0\.9\.0 cannot be read/);
});

test('an old prompt that cannot be loaded is a warning, and the others are compared', async t => {
  packages += 1;
  const name = `@acme/say-${packages}`;
  const prompts = { say: 'say.prompd', odd: 'odd.prompd' };
  const gone = `---\nname: odd\nversion: "1.0.0"\ninherits: "@acme/gone:say"\n---\n`;
  await registry().publish(manifest(name, '1.0.0', { prompts, dependencies: { '@acme/gone': '^1.0.0' } }), {
    'say.prompd': OPTIONAL,
    'odd.prompd': gone,
  });
  const scene = await sceneOf(t, manifest(name, '1.0.1', { prompts }), {
    'say.prompd': OPTIONAL,
    'odd.prompd': REQUIRED.replace('name: say', 'name: odd'),
  });
  const { stderr } = await scene.good('publish', '--dry-run');
  t.regex(
    stderr,
    /warning: The prompt "odd" was not compared: it cannot be loaded in @acme\/say-\d+@1\.0\.0/,
  );
});
