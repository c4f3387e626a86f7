import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { parse } from 'yaml';
import { z } from 'zod';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const FOLDER = path.join(ROOT, '.github/workflows');
const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')));

const job = z
  .object({
    needs: z.union([z.string().transform(one => [one]), z.array(z.string())]).default([]),
    permissions: z.record(z.string(), z.string()).optional(),
    environment: z.unknown().optional(),
    uses: z.string().optional(),
    'timeout-minutes': z.number().optional(),
    steps: z.array(z.object({ uses: z.string().optional(), run: z.string().optional() }).loose()).default([]),
  })
  .loose();
const workflow = z
  .object({
    on: z.unknown(),
    permissions: z.record(z.string(), z.string()),
    jobs: z.record(z.string(), job),
  })
  .loose();
const workflows = new Map(
  readdirSync(FOLDER).map(file => [
    file,
    workflow.parse(parse(readFileSync(path.join(FOLDER, file), 'utf8'))),
  ]),
);
const jobOf = (file: string, name: string) => {
  const found = workflows.get(file)?.jobs[name];
  if (!found) throw new Error(`${file} has no job ${name}`);
  return found;
};
const runsOf = ({ steps }: z.infer<typeof job>) => steps.map(({ run = '' }) => run).join('\n');

for (const [file, { jobs, permissions }] of workflows) {
  test(`${file}: actions are of a version, scripts and files are there, jobs end, and nothing may write by default`, t => {
    t.deepEqual(permissions, { contents: 'read' });
    for (const [name, { steps, uses, needs, 'timeout-minutes': limit }] of Object.entries(jobs)) {
      if (uses === undefined) t.truthy(limit, `${name} has no limit of time`);
      else t.true(existsSync(path.join(ROOT, uses)), uses);
      for (const needed of needs) t.truthy(jobs[needed], needed);
      for (const { uses: action, run = '' } of steps) {
        if (action !== undefined) t.regex(action, /^\.\/$|@v\d+(?:\.\d+)*$|@[0-9a-f]{40}$/);
        for (const [, script] of run.matchAll(/npm run (?:--silent )?([\w:]+)/g))
          t.truthy(scripts[script ?? '']);
        for (const [, path_] of run.matchAll(/(?:node|bash) ((?:\.ci|registry-server|scripts)\/\S+)/g)) {
          t.true(existsSync(path.join(ROOT, path_ ?? '')), path_);
        }
        // What others can write must never be pasted into a script.
        t.notRegex(run, /\$\{\{ *(?:github\.(?:event|head_ref|ref_name)|inputs)/);
      }
    }
  });
}

test('the tests run on the oldest Node that is promised and on a current one, by the same script as anywhere', t => {
  const checks = jobOf('test.yml', 'checks');
  t.deepEqual(
    z
      .object({ matrix: z.object({ node: z.array(z.string()) }) })
      .loose()
      .parse(checks['strategy']).matrix.node,
    ['20.19', '24'],
  );
  t.regex(runsOf(checks), /bash \.ci\/run/);
});

test('a release is tested, and carries proof of where it was built, by no token that is kept', t => {
  const npm = jobOf('release.yml', 'npm');
  t.deepEqual(npm.needs, ['test']);
  t.is(npm.permissions?.['id-token'], 'write');
  t.is([...runsOf(npm).matchAll(/npm publish --provenance/g)].length, 2);
  const text = readFileSync(path.join(FOLDER, 'release.yml'), 'utf8');
  t.false(/NPM_TOKEN|NODE_AUTH_TOKEN/.test(text));
  const image = jobOf('release.yml', 'image');
  t.deepEqual(image.needs, ['test']);
  t.true(image.steps.some(({ uses = '' }) => uses.startsWith('docker/setup-qemu-action')));
  const build = image.steps.find(({ uses = '' }) => uses.startsWith('docker/build-push-action'));
  t.like(build?.['with'], { file: 'registry-server/Dockerfile', provenance: 'mode=max', sbom: true });
});

test('nothing comes to staging before the story passed on it, and what fails the story there is taken back', t => {
  t.regex(runsOf(jobOf('deploy-staging.yml', 'story')), /docker compose up[^\n]*--wait[\s\S]*|npm run story/);
  t.regex(runsOf(jobOf('deploy-staging.yml', 'story')), /npm run story/);
  const deploy = jobOf('deploy-staging.yml', 'deploy');
  t.deepEqual(deploy.needs, ['story']);
  const runs = deploy.steps.map(({ run = '' }) => run);
  const at = (pattern: RegExp) => runs.findIndex(run => pattern.test(run));
  t.true(at(/kubectl apply/) < at(/npm run story/) && at(/npm run story/) < at(/rollout undo/));
  const back = deploy.steps.find(({ run = '' }) => run.includes('rollout undo'));
  t.is(back?.['if'], "failure() && steps.deploy.outputs.applied == 'true'");
  t.deepEqual(jobOf('release.yml', 'staging').needs, ['npm', 'image']);
});
