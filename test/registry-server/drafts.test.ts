import test from 'ava';
import { z } from 'zod';
import { startTestRegistry } from '../support/registry.js';
import { BASE, draftsScene, SUMMARY } from './drafts-scene.js';

const undo: Array<() => void | Promise<void>> = [];
const registry = await startTestRegistry({ teardown: step => undo.unshift(step) });
const {
  ed,
  eve,
  outsider,
  viewer,
  send,
  newModule,
  write,
  commit,
  read,
  promptTag,
  draftTag,
  tagOf,
  fileTag,
  versionsIn,
  changesIn,
} = await draftsScene(registry);
test.after.always('the registry stops', async () => {
  for (const step of undo) await step();
});

test('a prompt is written, changed, committed, published as a package, and its history names the versions', async t => {
  const kyc = await newModule(t, 'kyc');
  const { etag } = await write(t, kyc, 'summary', SUMMARY, { 'if-none-match': '*' });
  const committed = await send('POST', `${kyc}/draft/commit`, {}, { 'if-match': await draftTag(kyc) });
  t.is(committed.status, 201, JSON.stringify(committed.body));
  t.like(committed.body, { name: '@bank/kyc', version: '1.0.0', status: 'published' });
  const packument = await send('GET', '/packages/@bank/kyc', undefined, {});
  t.like(packument.body, { name: '@bank/kyc', access: 'private' });
  t.is((await send('GET', '/packages/@bank/kyc', undefined, { token: outsider })).status, 404);

  await write(t, kyc, 'summary', SUMMARY.replace('Summarise', 'Sum up'), { 'if-match': etag });
  t.like(await commit(kyc), { version: '1.0.1' });
  const step = SUMMARY.replace(
    '    required: true',
    '    required: true\n  - name: tone\n    required: true',
  );
  await write(t, kyc, 'summary', step, { 'if-match': await promptTag(kyc, 'summary') });
  const small = await send(
    'POST',
    `${kyc}/draft/commit`,
    { version: '1.0.2' },
    { 'if-match': await draftTag(kyc) },
  );
  t.like(small.body, { code: 'EBUMP' });
  t.like(await commit(kyc), { version: '2.0.0' });
  const named = await send('PUT', `${kyc}/draft`, { main: 'summary' }, { 'if-match': await fileTag(kyc) });
  t.is(named.status, 200);
  await write(t, kyc, 'other', SUMMARY.replace('summary', 'other'), { 'if-none-match': '*' });
  t.like(await commit(kyc), { version: '2.1.0' });

  const history = await versionsIn(kyc, '/history', 'versions');
  t.deepEqual(history, ['2.1.0', '2.0.0', '1.0.1', '1.0.0']);
  t.deepEqual(await changesIn(kyc, 'summary'), [
    ['2.0.0', 'changed'],
    ['1.0.1', 'changed'],
    ['1.0.0', 'added'],
  ]);
  t.deepEqual(await changesIn(kyc, 'other'), [['2.1.0', 'added']]);

  const compared = await send('GET', `${kyc}/compare?from=1.0.1&to=2.0.0&prompt=summary`, undefined, {});
  t.like(compared.body, { level: 'breaking', needed: { bump: 'major', version: '2.0.0' } });
  t.regex(JSON.stringify(compared.body), /\+.*name: tone/);

  const back = { version: '1.0.0', prompt: 'summary' };
  const restored = await send('POST', `${kyc}/draft/restore`, back, {
    'if-match': await promptTag(kyc, 'summary'),
  });
  t.is(restored.status, 200, JSON.stringify(restored.body));
  t.is((await read(kyc, 'summary')).source, SUMMARY);
  t.truthy((await read(kyc, 'other')).source);
});

test('a draft that lost the race is not written: 412, and nothing without a word of what was seen', async t => {
  const race = await newModule(t, 'race');
  const { etag } = await write(t, race, 'summary', SUMMARY, { 'if-none-match': '*' });
  const outcomes = await Promise.all(
    [ed, eve, ed, eve].map((token, number) =>
      send(
        'PUT',
        `${race}/prompts/summary`,
        { source: `${SUMMARY}\n${number}\n` },
        { token, 'if-match': etag },
      ),
    ),
  );
  t.deepEqual(outcomes.map(({ status }) => status).sort(), [200, 412, 412, 412]);
  const winner = outcomes.findIndex(({ status }) => status === 200);
  t.is((await read(race, 'summary')).source, `${SUMMARY}\n${winner}\n`);
  const blind = await send('PUT', `${race}/prompts/summary`, { source: SUMMARY }, {});
  t.is(blind.status, 428);
  const created = await send('PUT', `${race}/prompts/summary`, { source: SUMMARY }, { 'if-none-match': '*' });
  t.is(created.status, 412);
  const stale = await send('POST', `${race}/draft/commit`, {}, { 'if-match': etag });
  t.is(stale.status, 412);
});

test('who reads a published prompt and writes it after somebody began a draft is told so', async t => {
  const late = await newModule(t, 'late');
  await write(t, late, 'summary', SUMMARY, { 'if-none-match': '*' });
  await commit(late);
  const { status } = await send('DELETE', `${late}/draft`, undefined, { 'if-match': await draftTag(late) });
  t.is(status, 204);
  const seen = await promptTag(late, 'summary');
  t.regex(seen, /^"-\d+"$/);
  await write(t, late, 'summary', `${SUMMARY}\nMine.\n`, { 'if-match': seen });
  const second = await send(
    'PUT',
    `${late}/prompts/summary`,
    { source: SUMMARY },
    { token: eve, 'if-match': seen },
  );
  t.is(second.status, 412);
});

test('while there is no draft, a file is read as it was published, and written from there', async t => {
  const calm = await newModule(t, 'calm');
  await write(t, calm, 'summary', SUMMARY, { 'if-none-match': '*' });
  await commit(calm);
  await send('DELETE', `${calm}/draft`, undefined, { 'if-match': await draftTag(calm) });
  const file = `${calm}/draft/files/prompd.json`;
  const published = await send('GET', file, undefined, {});
  t.like(published.body, { path: 'prompd.json', updatedBy: null, updatedAt: null });
  t.is((await send('GET', `${calm}/draft/files/nothing.md`, undefined, {})).status, 404);
  const body = { license: 'MIT' };
  t.is((await send('PUT', `${calm}/draft`, body, { 'if-match': published.etag })).status, 200);
  t.is((await send('PUT', `${calm}/draft`, body, { 'if-match': published.etag })).status, 412);
  t.regex(JSON.stringify((await send('GET', file, undefined, {})).body), /MIT/);
});

test('a module that was published is archived and not deleted, and nothing in it changes until it is taken out', async t => {
  const fresh = await newModule(t, 'fresh');
  t.is((await send('DELETE', fresh, undefined, { 'if-match': '"99"' })).status, 412);
  const seen = await tagOf(fresh);
  t.like((await send('DELETE', fresh, undefined, { 'if-match': seen })).body, { outcome: 'deleted' });
  t.is((await send('GET', fresh, undefined, {})).status, 404);
  const old = await newModule(t, 'old');
  await write(t, old, 'summary', SUMMARY, { 'if-none-match': '*' });
  await commit(old);
  t.like((await send('DELETE', old, undefined, {})).body, { outcome: 'archived' });
  const refused = await send(
    'PUT',
    `${old}/draft`,
    { description: 'New.' },
    { 'if-match': await fileTag(old) },
  );
  t.is(refused.status, 403, JSON.stringify(refused.body));
  t.is((await send('GET', '/packages/@bank/old', undefined, {})).status, 200);
  const tag = await tagOf(old);
  t.is((await send('PUT', old, { archived: false }, { 'if-match': tag })).status, 200);
  t.is(
    (await send('PUT', `${old}/draft`, { description: 'New.' }, { 'if-match': await fileTag(old) })).status,
    200,
  );
});

test('what is said of modules and prompts stays beside their content', async t => {
  const said = await newModule(t, 'said', { intent: 'Explain decisions.', tags: ['kyc'] });
  const tag = await tagOf(said);
  const changed = await send('PUT', said, { complianceNotes: 'Reviewed.' }, { 'if-match': tag });
  t.like(changed.body, { intent: 'Explain decisions.', complianceNotes: 'Reviewed.', tags: ['kyc'] });
  t.is((await send('PUT', said, { author: 'x' }, { 'if-match': tag })).status, 412);
  await write(t, said, 'summary', SUMMARY, { 'if-none-match': '*' });
  const notes = await send(
    'PUT',
    `${said}/prompts/summary/notes`,
    { intent: 'One paragraph.' },
    {
      'if-none-match': '*',
    },
  );
  t.like(notes.body, { prompt: 'summary', intent: 'One paragraph.', revision: 1 });
  t.like(await read(said, 'summary'), { notes: { intent: 'One paragraph.' } });
  t.is((await send('PUT', `${said}/prompts/absent/notes`, {}, { 'if-none-match': '*' })).status, 404);
});

test('a prompt that is archived is read and delivered, and not written until it is taken out', async t => {
  const shelf = await newModule(t, 'shelf');
  await write(t, shelf, 'summary', SUMMARY, { 'if-none-match': '*' });
  const notes = `${shelf}/prompts/summary/notes`;
  const archived = await send('PUT', notes, { archived: true }, { 'if-none-match': '*' });
  t.like(archived.body, { archived: true });
  const prompt = `${shelf}/prompts/summary`;
  const { etag } = await send('GET', prompt, undefined, {});
  const body = { source: SUMMARY.replace('Summarise', 'Sum up') };
  t.is((await send('PUT', prompt, body, { 'if-match': etag })).status, 403);
  t.is((await send('DELETE', prompt, undefined, { 'if-match': etag })).status, 403);
  t.is((await send('PUT', notes, { archived: false }, { 'if-match': archived.etag })).status, 200);
  t.is((await send('PUT', prompt, body, { 'if-match': etag })).status, 200);
});

test('a draft goes back to a version only where that changes no prompt that is archived', async t => {
  const rack = await newModule(t, 'rack');
  const { etag } = await write(t, rack, 'summary', SUMMARY, { 'if-none-match': '*' });
  await commit(rack);
  await write(t, rack, 'summary', SUMMARY.replace('Summarise', 'Sum up'), { 'if-match': etag });
  await write(t, rack, 'other', SUMMARY.replace('summary', 'other'), { 'if-none-match': '*' });
  await commit(rack);
  const notes = `${rack}/prompts/summary/notes`;
  const archived = await send('PUT', notes, { archived: true }, { 'if-none-match': '*' });
  const begin = async (from: object) =>
    send('POST', `${rack}/draft`, from, { 'if-match': await draftTag(rack) });
  const refused = await begin({ from: '1.0.0' });
  t.is(refused.status, 403, JSON.stringify(refused.body));
  t.regex(String((await read(rack, 'summary')).source), /Sum up/);
  t.is((await begin({})).status, 201);
  await send('PUT', notes, { archived: false }, { 'if-match': archived.etag });
  t.is((await begin({ from: '1.0.0' })).status, 201);
  t.is((await read(rack, 'summary')).source, SUMMARY);
});

test('what publishing would refuse is told of the draft, and refused when it is committed', async t => {
  const bad = await newModule(t, 'bad');
  await write(t, bad, 'summary', '---\nname: summary\n---\n# User\n{{ missing }}\n', {
    'if-none-match': '*',
  });
  const problems = await send('GET', `${bad}/draft/problems`, undefined, {});
  t.regex(JSON.stringify(problems.body), /missing/);
  const refused = await send('POST', `${bad}/draft/commit`, {}, { 'if-match': await draftTag(bad) });
  t.is(refused.status, 422);
  t.is((await send('GET', '/packages/@bank/bad', undefined, {})).status, 404);
});

for (const [what, path, body] of [
  ['leaves the module', 'draft/files/..%2Fx.md', { content: 'x' }],
  ['is the manifest', 'draft/files/prompd.json', { content: '{}' }],
  ['is made by packing', 'draft/files/package.json', { content: '{}' }],
  ['is no id of a prompt', 'prompts/__proto__', { source: 'x' }],
  ['holds NUL', 'draft/files/README.md', { content: 'a\0b' }],
  ['is no Unicode', 'draft/files/README.md', { content: '\ud800' }],
  ['lies elsewhere', 'prompts/x', { source: 'x', path: '/etc/passwd' }],
  ['sets its name', 'draft', { name: '@bank/other' }],
  ['is another member of the module', '', { revision: 9 }],
  ['is too large', 'draft/files/README.md', { content: 'x'.repeat(200_001) }],
] satisfies [string, string, object][]) {
  test(`a text is not written that ${what}`, async t => {
    const hostile = await newModule(t, `hostile-${what.replace(/\W+/g, '-').toLowerCase()}`);
    const answer = await send('PUT', `${hostile}/${path}`.replace(/\/$/, ''), body, { 'if-none-match': '*' });
    t.is(answer.status, 400, JSON.stringify(answer.body));
  });
}

test('a viewer reads and does not write, and who is no member sees no module', async t => {
  const closed = await newModule(t, 'closed');
  await write(t, closed, 'summary', SUMMARY, { 'if-none-match': '*' });
  t.is((await send('GET', `${closed}/prompts/summary`, undefined, { token: viewer })).status, 200);
  for (const token of [viewer, outsider]) {
    const writes = [
      send('PUT', `${closed}/prompts/summary`, { source: 'x' }, { token, 'if-match': '"1"' }),
      send('DELETE', `${closed}/prompts/summary`, undefined, { token, 'if-match': '"1"' }),
      send('POST', `${closed}/draft/commit`, {}, { token, 'if-match': '"1"' }),
      send('DELETE', closed, undefined, { token }),
      send('POST', BASE, { module: 'mine' }, { token }),
    ];
    for (const { status } of await Promise.all(writes)) t.is(status, token === viewer ? 403 : 404);
  }
  for (const path of ['', '/prompts', '/prompts/summary', '/draft', '/history', '/draft/problems']) {
    t.is((await send('GET', `${closed}${path}`, undefined, { token: outsider })).status, 404, path);
  }
});

test('a package that was published from a terminal is a module, and goes on as a draft with all its files', async t => {
  const published = await registry.publish(
    { name: '@bank/terminal', version: '1.4.0', prompts: { summary: 'p/summary.prompd' } },
    { 'p/summary.prompd': SUMMARY, 'README.md': '# Terminal\n', 'logo.bin': '\u0000\u0001' },
    '',
    ed,
  );
  t.truthy(published);
  const terminal = `${BASE}/terminal`;
  t.like((await send('GET', terminal, undefined, {})).body, { latest: '1.4.0', hasDraft: false });
  await write(t, terminal, 'summary', `${SUMMARY}\nMore.\n`, {
    'if-match': await promptTag(terminal, 'summary'),
  });
  t.like(await commit(terminal), { version: '1.4.1' });
  const compared = await send('GET', `${terminal}/compare?from=1.4.0&to=1.4.1`, undefined, {});
  const { files } = z.object({ files: z.array(z.object({ path: z.string() })) }).parse(compared.body);
  t.deepEqual(files.map(({ path }) => path).sort(), ['p/summary.prompd', 'prompd.json']);
});
