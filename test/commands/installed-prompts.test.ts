import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import semver from 'semver';
import { openPrompt } from '#prompd/ops/prompts/open-prompt.js';
import { render } from '#prompd/ops/prompts/render.js';
import { show } from '#prompd/ops/prompts/show.js';
import { validate } from '#prompd/ops/prompts/validate.js';
import { runCli, runHere } from '../support/cli.js';
import { testContext } from '../support/context.js';
import { type FixturePackage, fixturePackages } from '../support/fixture-packages.js';
import { startTestRegistry } from '../support/registry.js';
import { tempDir } from '../support/temp.js';

test.serial(
  'every fixture package, installed, is valid and renders every prompt with its examples',
  async t => {
    const { context, installed } = await project(t);
    for (const { name, version, manifest } of installed) {
      const { problems } = await validate(context, { targets: [name] });
      t.deepEqual(problems, [], name);
      for (const id of Object.keys(manifest?.prompts ?? {})) {
        const reference = `${name}:${id}`;
        const { prompt, title } = await openPrompt(context, reference);
        t.is(title, `${name}@${version}:${id}`);
        const assignments = prompt.parameters.flatMap(({ definition: { name: key, example, type } }) => {
          if (example === undefined) return [];
          const text = typeof example === 'string' && type !== 'json' ? example : JSON.stringify(example);
          return [`${key}=${text.replace(/^@/, '@@')}`];
        });
        const { messages } = await render(context, { prompt: reference, assignments, files: [] });
        t.true(messages.length > 0, reference);
        t.regex((await show(context, reference)).contract, /^sha256-/);
      }
    }
  },
);

test.serial('a prompt is named by package, range and id, on the command line as well', async t => {
  const { context, cwd } = await project(t);
  const cli = (...args: string[]) => runHere(args, { cwd, env: { PROMPD_HOME: context.config.home } });
  const parent = await cli('show', '@bank/change-review', '--json');
  t.is(parent.code, 0, parent.stdout);
  t.like(parent.json(), { id: 'ledger-change' });
  const inherits = parent.json<{ inherits: string[] }>().inherits;
  t.regex(inherits[0] ?? '', /^@acme\/security-review@2\.\d+\.\d+\/prompts\/review\.prompd$/);
  t.regex(inherits[1] ?? '', /^@acme\/code-review@2\.\d+\.\d+\/prompts\/review\.prompd$/);

  t.is((await cli('show', '@bank/change-review@^1.0.0:change-record', '--json')).code, 0);
  t.like((await cli('show', '@bank/change-review@^9.0.0', '--json')).json(), {
    error: { code: 'ENOTINSTALLED' },
  });
  t.like((await cli('show', '@bank/change-review:leger-change', '--json')).json(), {
    error: { code: 'ENOPROMPT', hint: 'Did you mean "ledger-change"?' },
  });
  t.like((await cli('show', '@bank/change-review/prompts/none.md', '--json')).json(), {
    error: { code: 'ENOFILE' },
  });
});

test.serial('a loose file of the project uses what the project has installed', async t => {
  const { context, cwd } = await project(t);
  writeFileSync(
    path.join(cwd, 'own.prompd'),
    '---\nname: own\nversion: 1.0.0\ncontext: "@common/safety:untrusted-input"\n---\n# User\n\nHello\n',
  );
  t.deepEqual((await validate(context, { targets: ['own.prompd'] })).problems, []);
  const { messages } = await render(context, { prompt: 'own.prompd', assignments: [], files: [] });
  t.deepEqual(
    messages.map(({ role }) => role),
    ['system', 'user'],
  );
});

/** A project that has the newest version of every fixture package installed, from a registry that is gone again. */
async function project(t: ExecutionContext) {
  const { cwd, home } = await shared();
  t.true(existsSync(path.join(cwd, 'prompd-lock.json')));
  return { cwd, context: await testContext({ cwd, home }), installed: newest() };
}

function newest(): FixturePackage[] {
  return fixturePackages.filter(
    ({ name, version }) =>
      !fixturePackages.some(other => other.name === name && semver.gt(other.version, version)),
  );
}

const cleanUp: (() => void | Promise<void>)[] = [];
let installation: Promise<{ cwd: string; home: string }> | undefined;

function shared() {
  installation ??= install();
  return installation;
}

async function install() {
  const teardown = { teardown: (undo: () => void | Promise<void>) => void cleanUp.push(undo) };
  const registry = await startTestRegistry(teardown);
  for (const { files, manifest, name, version } of fixturePackages) {
    await registry.publish({ ...manifest, name, version }, Object.fromEntries(files), '?tag=test');
  }
  const [cwd, home] = [tempDir(teardown), tempDir(teardown)];
  const dependencies = Object.fromEntries(newest().map(({ name, version }) => [name, version]));
  writeFileSync(path.join(cwd, 'prompd.json'), JSON.stringify({ dependencies }));
  const { code, stderr } = await runCli(['install'], {
    cwd,
    env: { PROMPD_HOME: home, PROMPD_REGISTRY: registry.url },
  });
  if (code !== 0) throw new Error(stderr);
  await registry.close();
  return { cwd, home };
}

test.after.always(async () => {
  for (const undo of cleanUp.reverse()) await undo();
});
