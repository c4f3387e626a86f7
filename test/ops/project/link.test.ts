import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Progress } from '#prompd/core/progress.js';
import { SILENT } from '#prompd/core/progress.js';
import type { Context } from '#prompd/ops/context.js';
import { ci } from '#prompd/ops/install/ci.js';
import { install } from '#prompd/ops/install/install.js';
import { installIfNeeded } from '#prompd/ops/install/install-if-needed.js';
import { listProject } from '#prompd/ops/install/list.js';
import { dependencyTree } from '#prompd/ops/install/tree.js';
import { link, unlink } from '#prompd/ops/project/link.js';
import { render } from '#prompd/ops/prompts/render.js';
import { validate } from '#prompd/ops/prompts/validate.js';
import { publish } from '#prompd/ops/registry/publish.js';
import { vendor } from '#prompd/ops/store/vendor.js';
import { projectListText } from '#prompd/output/list.js';
import { styleFor } from '#prompd/output/style.js';
import { treeText } from '#prompd/output/tree.js';
import { runCli } from '../../support/cli.js';
import { testContext } from '../../support/context.js';
import { tempDir } from '../../support/temp.js';
import { makeScene, promptText, sharedRegistry } from '../scene.js';

const prompts = { prompts: { say: 'say.prompd' } };
const inheriting = `---\nname: say\nversion: 1.0.0\ninherits: "@common/tone:say"\n---\n`;
const registry = sharedRegistry(test, async ({ publish }) => {
  const file = (body: string) => ({ 'say.prompd': promptText('say', body) });
  await publish({ name: '@common/tone', version: '1.0.0', ...prompts }, file('Tone {{ word }}.'));
  await publish(
    { name: '@acme/review', version: '1.0.0', ...prompts, dependencies: { '@common/tone': '^1.0.0' } },
    { 'say.prompd': inheriting },
  );
});
const manifest = { dependencies: { '@acme/review': '^1.0.0' } };

interface Made {
  readonly dir: string;
  readonly context: Context;
  readonly warnings: readonly string[];
  /** A folder with a package, beside the project. */
  folder(name: string, fields?: object, body?: string): string;
  in(dir: string): Context;
}

async function makeProject(t: ExecutionContext): Promise<Made> {
  const { dir, home } = makeScene(t, registry().url, { manifest });
  const warnings: string[] = [];
  const progress: Progress = { ...SILENT, warn: message => void warnings.push(message) };
  const env = { PROMPD_REGISTRY: registry().url };
  const context = { ...(await testContext({ cwd: dir, home, env })), progress };
  await install(context);
  return {
    dir,
    context,
    warnings,
    folder(name, fields = {}, body = 'Linked {{ word }}.') {
      const folder = path.join(dir, '..', name.replace('/', '-'));
      mkdirSync(folder, { recursive: true });
      const text = JSON.stringify({ name, version: '2.0.0-dev', ...prompts, ...fields });
      writeFileSync(path.join(folder, 'prompd.json'), text);
      writeFileSync(path.join(folder, 'say.prompd'), promptText('say', body));
      return folder;
    },
    in: cwd => ({ ...context, cwd }),
  };
}

const say = async (context: Context, prompt: string) =>
  (await render(context, { prompt, assignments: ['word=this'], files: [] })).text;

test('a linked folder is used live, wherever the package is asked for', async t => {
  const { context, folder } = await makeProject(t);
  const tone = folder('@common/tone');
  t.is(await say(context, '@acme/review'), 'Tone this.');
  t.like(await link(context, '../@common-tone'), { name: '@common/tone', version: '2.0.0-dev', dir: tone });
  t.is(await say(context, '@common/tone:say'), 'Linked this.');
  t.is(await say(context, '@acme/review'), 'Linked this.');
  writeFileSync(path.join(tone, 'say.prompd'), promptText('say', 'Edited {{ word }}.'));
  t.is(await say(context, '@acme/review'), 'Edited this.');
  writeFileSync(path.join(tone, 'say.prompd'), 'no prompt');
  t.false((await validate(context, { targets: ['@common/tone'] })).valid);
  t.deepEqual((await unlink(context, ['@common/tone'])).removed, ['@common/tone']);
  t.is(await say(context, '@acme/review'), 'Tone this.');
});

test('a package made known in its folder is linked by its name, and forgotten there again', async t => {
  const made = await makeProject(t);
  const review = made.folder('@acme/review', { dependencies: { '@common/tone': '^1.0.0' } });
  await t.throwsAsync(link(made.context, '@acme/review'), { code: 'ENOTINSTALLED' });
  t.like(await link(made.in(review), undefined), { name: '@acme/review', project: undefined });
  await t.throwsAsync(link(made.context, '@acme/reviews'), { message: /made known/ });
  await link(made.context, '@acme/review');
  t.is(await say(made.context, '@acme/review'), 'Linked this.');
  t.like(await unlink(made.in(review), []), { forgotten: '@acme/review', removed: [] });
  await t.throwsAsync(link(made.context, '@acme/review'), { code: 'ENOTINSTALLED' });
  t.deepEqual((await unlink(made.context, [])).removed, ['@acme/review']);
});

test("a linked folder's dependencies come from the project it is linked into", async t => {
  const { context, folder } = await makeProject(t);
  const review = folder('@acme/review', { dependencies: { '@common/tone': '^1.0.0' } });
  writeFileSync(path.join(review, 'say.prompd'), inheriting);
  await link(context, review);
  t.is(await say(context, '@acme/review'), 'Tone this.');
});

test('a package that the project does not ask for can be linked all the same', async t => {
  const { context, folder } = await makeProject(t);
  await link(context, folder('@acme/new'));
  t.is(await say(context, '@acme/new:say'), 'Linked this.');
});

test('manifest and lockfile stay as they are, and other projects do not see the link', async t => {
  const made = await makeProject(t);
  const files = () =>
    ['prompd.json', 'prompd-lock.json'].map(file => readFileSync(path.join(made.dir, file), 'utf8'));
  const before = files();
  await link(made.context, made.folder('@acme/review'));
  await install(made.context);
  t.deepEqual(files(), before);
  const other = tempDir(t);
  writeFileSync(path.join(other, 'prompd.json'), JSON.stringify(manifest));
  await install(made.in(other));
  t.is(await say(made.in(other), '@acme/review'), 'Tone this.');
});

test('list and tree mark what is linked, also when the folder is gone', async t => {
  const { context, folder } = await makeProject(t);
  const review = folder('@acme/review');
  await link(context, review);
  const style = styleFor(false);
  t.true(
    projectListText(await listProject(context), style).includes(
      `@acme/review 2.0.0-dev (^1.0.0, linked to ${review})`,
    ),
  );
  t.true(
    treeText(await dependencyTree(context), style).includes(`@acme/review@2.0.0-dev (linked to ${review})`),
  );
  rmSync(review, { recursive: true });
  t.regex(projectListText(await listProject(context), style), /linked to .*, which is not there/);
  await t.throwsAsync(say(context, '@acme/review'), {
    code: 'ENOMANIFEST',
    message: /linked as @acme\/review/,
  });
});

test('what leaves this machine ignores links, and says so', async t => {
  const made = await makeProject(t);
  const tone = made.folder('@common/tone', {}, 'Linked {{ broken');
  await link(made.context, tone);
  const ignored: [string, () => Promise<unknown>][] = [
    ['prompd ci', () => ci(made.context)],
    ['prompd install --frozen-lockfile', () => installIfNeeded(made.context, { frozen: true })],
    ['prompd vendor', () => vendor(made.context)],
  ];
  for (const [what, run] of ignored) {
    await run();
    t.is(made.warnings.at(-1), `${what} ignores the link of @common/tone: it takes what the lockfile names.`);
  }
  const mine = made.folder('@acme/mine', { dependencies: { '@common/tone': '^1.0.0' } });
  writeFileSync(path.join(mine, 'say.prompd'), inheriting);
  await install(made.in(mine));
  await link(made.in(mine), tone);
  t.false((await validate(made.in(mine), { targets: ['.'] })).valid);
  t.deepEqual((await publish(made.in(mine), { target: '.', tag: 'next', dryRun: true })).problems, []);
  t.regex(made.warnings.at(-1) ?? '', /^prompd publish ignores/);
});

test('links in a linked folder that lead out of it are refused', async t => {
  const { context, folder } = await makeProject(t);
  const review = folder('@acme/review');
  const secret = path.join(tempDir(t), 'secret.md');
  writeFileSync(secret, 'secret');
  symlinkSync(secret, path.join(review, 'more.md'));
  await link(context, review);
  await t.throwsAsync(say(context, '@acme/review'), { code: 'EPACK' });
});

test('a folder that is no package, or the project itself, is not linked', async t => {
  const { context, dir, in: inside, folder } = await makeProject(t);
  await t.throwsAsync(link(context, '../nowhere'), { code: 'ENOMANIFEST' });
  await t.throwsAsync(link(context, '.'), { code: 'EUSAGE' });
  await t.throwsAsync(link(context, undefined), { code: 'EMANIFEST' });
  await t.throwsAsync(unlink(context, ['@acme/review']), { code: 'ENOTINSTALLED' });
  const review = folder('@acme/review');
  await link(context, review);
  writeFileSync(path.join(review, 'prompd.json'), '{"name": "@acme/other", "version": "1.0.0"}');
  await t.throwsAsync(say(inside(dir), '@acme/review'), { code: 'EMANIFEST', message: /holds @acme\/other/ });
});

test('a damaged links.json is told with its path, and never followed', async t => {
  const { context } = await makeProject(t);
  writeFileSync(
    path.join(context.config.home, 'links.json'),
    '{"projects": {"/x": {"@acme/review": "relative"}}}',
  );
  await t.throwsAsync(say(context, '@acme/review'), { code: 'ECONFIG', message: /links\.json is damaged/ });
});

test('the command line links and unlinks', async t => {
  const made = await makeProject(t);
  const folder = made.folder('@acme/review');
  const env = { PROMPD_HOME: made.context.config.home };
  const linked = await runCli(['link', folder], { cwd: made.dir, env });
  t.is(linked.code, 0);
  t.regex(linked.stdout, /Undo with "prompd unlink @acme\/review"/);
  t.like((await runCli(['unlink', '--json'], { cwd: made.dir, env })).json(), { removed: ['@acme/review'] });
});
