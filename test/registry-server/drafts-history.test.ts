import test from 'ava';
import { z } from 'zod';
import { startTestRegistry } from '../support/registry.js';
import { BASE, draftsScene, SUMMARY } from './drafts-scene.js';

const undo: Array<() => void | Promise<void>> = [];
const registry = await startTestRegistry({ teardown: step => undo.unshift(step) });
const { ed, eve, outsider, send, write, commit, draftTag, fileTag } = await draftsScene(registry);
test.after.always('the registry stops', async () => {
  for (const step of undo) await step();
});

test('the history names versions that wait for approval and that were turned down, and nothing else shows what is in them', async t => {
  const owner = await registry.tokenOf('ada', 'publish');
  await send('POST', '/projects', { project: 'four-eyes' }, { token: owner });
  await send('POST', '/projects/four-eyes/modules', { module: 'kyc' }, { token: owner });
  const module = '/projects/four-eyes/modules/kyc';
  const written = await send(
    'PUT',
    `${module}/prompts/summary`,
    { source: SUMMARY },
    { token: owner, 'if-none-match': '*' },
  );
  t.is(written.status, 200, JSON.stringify(written.body));
  const draft = await send('GET', `${module}/draft`, undefined, { token: owner });
  const committed = await send(
    'POST',
    `${module}/draft/commit`,
    {},
    { token: owner, 'if-match': draft.etag },
  );
  t.is(committed.status, 202, JSON.stringify(committed.body));
  t.like(committed.body, { status: 'pending', approval: { authors: ['ada'] } });
  const history = await send('GET', `${module}/history`, undefined, { token: owner });
  t.like(history.body, { versions: [{ version: '1.0.0', status: 'pending', tags: [] }] });
  const ofPrompt = await send('GET', `${module}/prompts/summary/history`, undefined, { token: owner });
  t.is(ofPrompt.status, 404, JSON.stringify(ofPrompt.body));
  const absent = await send('GET', `${module}-of-nobody/history`, undefined, { token: owner });
  t.is(absent.status, 404, JSON.stringify(absent.body));
  const compared = await send('GET', `${module}/compare?from=1.0.0`, undefined, { token: owner });
  t.is(compared.status, 404, JSON.stringify(compared.body));
  const restored = await send(
    'POST',
    `${module}/draft/restore`,
    { version: '1.0.0' },
    { token: owner, 'if-match': '*' },
  );
  t.is(restored.status, 404, JSON.stringify(restored.body));
  const { approval } = z.object({ approval: z.object({ id: z.string() }) }).parse(committed.body);
  const back = await send('POST', `/approvals/${approval.id}/withdrawal`, {}, { token: owner });
  t.is(back.status, 200, JSON.stringify(back.body));
  const after = await send('GET', `${module}/history`, undefined, { token: owner });
  t.like(after.body, { versions: [{ version: '1.0.0', status: 'rejected' }] });
});

test('contracts of prompts made of other packages are compared for who may read these, as of when each was published', async t => {
  const part = (version: string, parameter: string) => {
    const files = { 'part.prompd': SUMMARY.replaceAll('topic', parameter) };
    const manifest = { name: '@tone/part', version, prompts: { summary: 'part.prompd' } };
    return registry.publish(manifest, files, '?access=private', ed);
  };
  const child = '---\nname: summary\ninherits: "@tone/part:summary"\n---\n';
  const dependencies = { '@tone/part': '>=1.0.0' };
  const open = (version: string, parameter: string) => {
    const manifest = { name: '@tone/open', version, prompts: { summary: 'part.prompd' } };
    return registry.publish(manifest, { 'part.prompd': SUMMARY.replaceAll('topic', parameter) }, '', ed);
  };
  const whole = (version: string) => {
    const prompts = { summary: 'whole.prompd', open: 'open.prompd' };
    const all = { ...dependencies, '@tone/open': '>=1.0.0' };
    const manifest = { name: '@tone/whole', version, prompts, dependencies: all };
    const files = {
      'whole.prompd': child,
      'open.prompd': child.replace('part', 'open').replace('name: summary', 'name: open'),
    };
    return registry.publish(manifest, files, '?access=public', ed);
  };
  const drafted = async (modules: string) => {
    await send('POST', modules, { module: 'kin' }, {});
    await write(t, `${modules}/kin`, 'summary', child, { 'if-none-match': '*' });
    const etag = await fileTag(`${modules}/kin`);
    t.is((await send('PUT', `${modules}/kin/draft`, { dependencies }, { 'if-match': etag })).status, 200);
    return `${modules}/kin`;
  };
  await part('1.0.0', 'topic');
  await open('1.0.0', 'topic');
  await whole('1.0.0');
  const kin = await drafted(BASE);
  t.like(await commit(kin), { version: '1.0.0' });
  await part('2.0.0', 'mood');
  await open('2.0.0', 'weather');
  await whole('1.0.1');

  for (const token of [outsider, ed, outsider]) {
    const { body } = await send('GET', '/packages/@tone%2Fwhole/compare?from=1.0.0', undefined, { token });
    const hidden = {
      prompt: 'summary',
      reason: '@tone/part is not to be had: There is no package @tone/part.',
    };
    if (token === ed) t.like(body, { level: 'breaking', uncompared: [] });
    else {
      const uncompared = ['before', 'after'].map(side => ({ ...hidden, side }));
      t.deepEqual(body['uncompared'], uncompared, 'for one of them alone');
      t.like(body, { level: 'breaking', changes: { 0: { prompt: 'open' } } });
      t.notRegex(JSON.stringify(body['changes']), /summary/);
      t.notRegex(JSON.stringify(body), /mood/);
    }
  }
  for (const [token, level] of [
    [ed, 'breaking'],
    [eve, undefined],
  ] as const) {
    const { body } = await send('GET', `${kin}/compare?from=1.0.0`, undefined, { token });
    t.is(body['level'], level, JSON.stringify(body));
  }
  const small = { version: '1.0.1' };
  const refused = await send('POST', `${kin}/draft/commit`, small, { 'if-match': await draftTag(kin) });
  t.like(refused.body, { code: 'EBUMP' });

  await send('POST', '/projects', { project: 'slow' }, {});
  const slow = await drafted('/projects/slow/modules');
  const asked = await send('POST', `${slow}/draft/commit`, {}, { 'if-match': await draftTag(slow) });
  const { approval } = z.object({ approval: z.object({ id: z.string() }) }).parse(asked.body);
  const shown = await send('GET', `/approvals/${approval.id}/comparison`, undefined, {});
  t.regex(JSON.stringify(shown.body), /The prompt \\"summary\\" is new/);
});

test('whose every word others replaced wrote the version all the same, and so did who made their token', async t => {
  const owner = await registry.tokenOf('ada', 'publish');
  const maker = await registry.tokenOf('cleo', 'admin');
  const ofBen = { name: 'for ben', user: 'ben', scopes: ['publish'] };
  const made = await send('POST', '/tokens', ofBen, { token: maker });
  const { token: second } = z.object({ token: z.string() }).parse(made.body);
  await send('POST', '/projects', { project: 'overwritten' }, { token: owner });
  const role = { user: 'ben', role: 'editor' };
  t.is((await send('POST', '/projects/overwritten/grants', role, { token: owner })).status, 201);
  await send('POST', '/projects/overwritten/modules', { module: 'kyc' }, { token: owner });
  const module = '/projects/overwritten/modules/kyc';
  const prompt = `${module}/prompts/summary`;
  const first = await send('PUT', prompt, { source: SUMMARY }, { token: owner, 'if-none-match': '*' });
  const other = { source: SUMMARY.replace('Summarise', 'Sum up') };
  const theirs = await send('PUT', prompt, other, { token: second, 'if-match': first.etag });
  t.is(theirs.status, 200, JSON.stringify(theirs.body));
  const mine = await send('PUT', prompt, { source: SUMMARY }, { token: owner, 'if-match': theirs.etag });
  const commit = async (version: string) => {
    const { etag } = await send('GET', `${module}/draft`, undefined, { token: owner });
    return send('POST', `${module}/draft/commit`, { version }, { token: owner, 'if-match': etag });
  };
  t.like((await commit('1.0.0')).body, { status: 'pending', approval: { authors: ['ada', 'ben', 'cleo'] } });
  // What was written for one version is no work on the next.
  t.is((await send('PUT', prompt, other, { token: owner, 'if-match': mine.etag })).status, 200);
  t.like((await commit('1.1.0')).body, { status: 'pending', approval: { authors: ['ada'] } });
});
