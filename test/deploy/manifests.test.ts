import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { KeyFolder } from '#server/adapters/key-folder.js';
import { LogKeyFile } from '#server/adapters/log-key-file.js';
import { SecretKeyFile } from '#server/adapters/secret-key-file.js';
import { allRoutes } from '#server/app.js';
import { assertAdminToken } from '#server/domain/token.js';
import { readEnvironment, SERVER_VARIABLES } from '#server/main.js';
import { runCli } from '../support/cli.js';
import { startPostgres } from '../support/postgres.js';
import { tempDir } from '../support/temp.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const read = (...parts: string[]) => readFileSync(path.join(ROOT, ...parts), 'utf8');
const { version, scripts } = z
  .object({ version: z.string(), scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(read('package.json')));

const dockerfile = read('registry-server/Dockerfile').replace(/\\\n\s*/g, ' ');
const lines = dockerfile.split('\n').filter(line => /^[A-Z]+ /.test(line));
const linesOf = (word: string) =>
  lines.filter(line => line.startsWith(`${word} `)).map(line => line.slice(word.length + 1));
/** Seconds that a server takes at most for what it writes at the very end. */
const LAST_WRITES = 10;
/** What the environment of the servers has where secrets are filled in. */
const secrets = secretsOf();

test('the image comes of pinned bases, in stages that leave the tools behind', t => {
  t.regex(linesOf('ARG').join(), /^NODE=node:2\d\.\d+\.\d+-/);
  const stages = linesOf('FROM').map(line => line.split(' AS '));
  t.true(stages.length > 1 && stages.every(([base]) => base === '$' + '{NODE}'));
  const final = lines.slice(lines.findIndex(line => line.endsWith(' AS registry')));
  const names = stages.map(([, name]) => name);
  for (const line of final) {
    const [, from] = /--from=(\S+)/.exec(line) ?? [];
    if (from !== undefined) t.true(names.includes(from), line);
    t.notRegex(line, /npm |apt-get|curl/);
  }
});

test('the image copies what is there, runs scripts that are there, and starts a file that is built', t => {
  for (const line of linesOf('COPY')) {
    const words = line.split(' ').filter(word => !word.startsWith('--'));
    for (const source of words.slice(0, -1))
      t.true(existsSync(path.join(ROOT, source.replace(/^\/app\//, ''))), line);
  }
  for (const [, script] of dockerfile.matchAll(/npm run (\S+)/g)) t.truthy(scripts[script ?? ''], script);
  const [start = '[]'] = linesOf('CMD');
  const [program, file] = z.array(z.string()).parse(JSON.parse(start));
  t.is(program, 'node');
  t.true(existsSync(path.join(ROOT, file ?? '')));
});

test('the image runs as a user that is not root, says whether it lives, and has the default ports', t => {
  t.deepEqual(linesOf('USER'), ['1000:1000']);
  const [check = ''] = linesOf('HEALTHCHECK');
  t.true(isRoute('/healthz') && check.includes('/healthz'));
  const variables = linesOf('ENV').flatMap(line => line.split(' ').map(pair => pair.split('=')));
  for (const [name = ''] of variables) t.true(name === 'NODE_ENV' || SERVER_VARIABLES.includes(name), name);
  const { options } = readEnvironment(Object.fromEntries(variables));
  t.like(options, { host: '0.0.0.0', port: 4874, dataDir: '/data' });
  t.deepEqual(linesOf('EXPOSE'), [`${options.port} 9464`]);
});

test('what the builder sees holds all that the image is made of, and no secrets', t => {
  const ignored = read('.dockerignore').split('\n');
  for (const part of ['bin', 'package.json', 'package-lock.json', 'registry-server', 'scripts', 'src']) {
    t.true(ignored.includes(`!${part}`), part);
  }
  t.is(
    ignored.find(line => line !== '' && !line.startsWith('#')),
    '*',
  );
  t.true(ignored.includes('**/.env*') && ignored.includes('**/node_modules'));
});

const compose = z
  .object({
    services: z.record(
      z.string(),
      z
        .object({
          image: z.string(),
          environment: z.record(z.string(), z.string()).default({}),
          read_only: z.boolean().default(false),
          stop_grace_period: z.string().optional(),
          cap_drop: z.array(z.string()).default([]),
          depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
          healthcheck: z.unknown().optional(),
          ports: z.array(z.string()).default([]),
        })
        .loose(),
    ),
  })
  .parse(parse(read('compose.yaml'), { merge: true }));
const servers = Object.entries(compose.services).filter(([name]) => /^registry-\d$/.test(name));

test('compose runs two servers whose settings the server takes, and that need nothing of the disk', t => {
  t.is(servers.length, 2);
  for (const [name, { environment, ...service }] of servers) {
    const settings = filledIn(environment);
    for (const variable of Object.keys(settings)) t.true(SERVER_VARIABLES.includes(variable), variable);
    const { options } = readEnvironment(settings);
    t.truthy(
      options.databaseUrl && options.redisUrl && options.s3 && options.logKey && options.secretKey,
      name,
    );
    t.true(service.read_only);
    t.deepEqual(service.cap_drop, ['ALL']);
    const stopping =
      Number(environment['PROMPD_SHUTDOWN_DELAY']) + Number(environment['PROMPD_DRAIN_TIME']) + LAST_WRITES;
    t.true(Number.parseInt(service.stop_grace_period ?? '0', 10) > stopping);
    t.is(service.image, `prompd-registry:${version}`);
  }
});

const MIGRATE = ['node', 'bin/prompd.js', 'registry', 'migrate'];

test('compose migrates before a server starts, with the settings of the servers', t => {
  const { migrate } = compose.services;
  t.deepEqual(migrate?.['command'], MIGRATE);
  t.is(migrate?.['restart'], 'no');
  t.deepEqual(Object.keys(migrate?.depends_on ?? {}), ['postgres']);
  for (const [, { image, environment, depends_on }] of servers) {
    t.deepEqual(depends_on['migrate'], { condition: 'service_completed_successfully' });
    t.deepEqual([image, environment], [migrate?.image, migrate?.environment]);
  }
});

test('what migrates is there, needs nothing of the disk, and may run several times at once', async t => {
  const postgres = await startPostgres();
  if (!postgres) return t.fail('there is no PostgreSQL');
  t.teardown(() => postgres.stop());
  const DATABASE_URL = await postgres.freshDatabase();
  const settings = { ...filledIn(servers[0]?.[1].environment ?? {}), DATABASE_URL };
  const nowhere = path.join(tempDir(t), 'none');
  const env = { ...settings, HOME: nowhere, PROMPD_HOME: undefined };
  const [first, second] = await Promise.all(
    [1, 2].map(() => runCli([...MIGRATE.slice(2), '--json'], { cwd: ROOT, env })),
  );
  t.is(first?.code, 0, first?.stderr);
  t.is(second?.code, 0, second?.stderr);
  t.deepEqual(first?.json(), second?.json());
  t.false(existsSync(nowhere));
});

test('compose pins every image, waits for what has a health check, and opens no port beyond this machine', t => {
  for (const [name, { image, depends_on, ports }] of Object.entries(compose.services)) {
    t.regex(image, /:[\w.-]*\d[\w.-]*$/, name);
    t.notRegex(image, /:latest$/);
    for (const [other, { condition }] of Object.entries(depends_on)) {
      const target = compose.services[other];
      t.truthy(target, other);
      const checked = target?.healthcheck !== undefined || /^registry-/.test(other);
      if (condition === 'service_healthy') t.true(checked, other);
    }
    for (const port of ports) t.true(port.startsWith('127.0.0.1:'), port);
  }
});

test('the proxy of compose knows the servers by their names and port', t => {
  const proxy = read('registry-server/deploy/nginx.conf');
  const upstreams = [...proxy.matchAll(/^\s+server (registry-\d):(\d+)/gm)].map(([, name, port]) => [
    name,
    port,
  ]);
  t.deepEqual(
    upstreams,
    servers.map(([name]) => [name, '4874']),
  );
  t.regex(proxy, /proxy_buffering off;/);
  // One answer of 503 must not take a server away that can still deliver other things.
  t.regex(proxy, /proxy_next_upstream [^;]*http_503/);
  for (const [line] of proxy.matchAll(/^\s+server registry-.*$/gm)) t.regex(line, / max_fails=0;$/);
});

const KUBERNETES = 'registry-server/deploy/kubernetes';
const object = z.object({ kind: z.string(), metadata: z.object({ name: z.string() }) }).loose();
const objects = readdirSync(path.join(ROOT, KUBERNETES))
  .filter(file => file !== 'kustomization.yaml')
  .flatMap(file => parseAllDocuments(read(KUBERNETES, file)).map(document => object.parse(document.toJS())));
const labels = z.record(z.string(), z.string());
const port = z.object({ name: z.string(), containerPort: z.number() });
const probe = z.object({ httpGet: z.object({ path: z.string(), port: z.string() }) });
const deployment = z
  .object({
    spec: z.object({
      replicas: z.number(),
      selector: z.object({ matchLabels: labels }),
      template: z.object({
        metadata: z.object({ labels }),
        spec: z
          .object({
            terminationGracePeriodSeconds: z.number(),
            securityContext: z.object({ runAsNonRoot: z.literal(true), runAsUser: z.literal(1000) }).loose(),
            containers: z.tuple([
              z
                .object({
                  image: z.string(),
                  ports: z.array(port),
                  securityContext: z.object({
                    allowPrivilegeEscalation: z.literal(false),
                    readOnlyRootFilesystem: z.literal(true),
                    capabilities: z.object({ drop: z.tuple([z.literal('ALL')]) }),
                  }),
                  startupProbe: probe,
                  livenessProbe: probe,
                  readinessProbe: probe,
                  resources: z.object({ limits: z.object({ memory: z.string() }) }).loose(),
                  volumeMounts: z.array(z.object({ name: z.string(), mountPath: z.string() })),
                })
                .loose(),
            ]),
            volumes: z.array(z.object({ name: z.string() }).loose()),
          })
          .loose(),
      }),
    }),
  })
  .parse(only('Deployment')).spec;
const pod = deployment.template.spec;
const [migrating] = z
  .tuple([z.object({ command: z.array(z.string()) }).loose()])
  .parse(pod['initContainers']);
const [container] = pod.containers;
const config = labels.parse(only('ConfigMap')['data']);

test('in Kubernetes the servers have settings that they take, and the ports that are opened', t => {
  const { options } = readEnvironment({ ...config, ...secrets, S3_ACCESS_KEY_ID: 'prompd' });
  for (const name of Object.keys(config)) t.true(SERVER_VARIABLES.includes(name), name);
  t.deepEqual(
    container.ports.map(({ containerPort }) => containerPort),
    [options.port, options.metrics?.port],
  );
  t.is(options.metrics?.host, '0.0.0.0');
  const grace = (options.limits?.goodbyeTime ?? 0) + (options.limits?.drainTime ?? 0) + LAST_WRITES * 1000;
  t.true(pod.terminationGracePeriodSeconds * 1000 > grace);
});

test('in Kubernetes a server is restarted when it is dead, and asked nothing when it goes: without the database it still delivers', t => {
  t.is(container.livenessProbe.httpGet.path, '/healthz');
  t.is(container.startupProbe.httpGet.path, '/healthz');
  t.is(container.readinessProbe.httpGet.path, '/readyz?exclude=database,blobs');
  t.true(isRoute('/healthz') && isRoute('/readyz'));
});

test('in Kubernetes each server migrates before it starts, by the same image, settings and rights', t => {
  t.deepEqual(migrating.command, MIGRATE);
  for (const part of ['image', 'envFrom', 'securityContext', 'volumeMounts'])
    t.deepEqual(migrating[part], container[part], part);
});

test('in Kubernetes everything finds the servers by the same labels, and enough of them stay up', t => {
  const { matchLabels } = deployment.selector;
  t.deepEqual(deployment.template.metadata.labels, matchLabels);
  const selectors = objects
    .filter(({ kind }) => kind !== 'Deployment' && kind !== 'ConfigMap')
    .map(({ spec }) =>
      z.object({ selector: z.unknown().optional(), podSelector: z.unknown().optional() }).parse(spec),
    )
    .map(({ selector, podSelector }) => selector ?? podSelector)
    .map(found =>
      z.union([z.object({ matchLabels: labels }).transform(of => of.matchLabels), labels]).parse(found),
    );
  t.is(selectors.length, 4);
  for (const selector of selectors) t.deepEqual(selector, matchLabels);
  const budget = z.object({ minAvailable: z.number() }).loose().parse(only('PodDisruptionBudget')['spec']);
  t.true(budget.minAvailable < deployment.replicas);
  const mounted = container.volumeMounts.map(({ name }) => name);
  t.deepEqual(mounted.sort(), pod.volumes.map(({ name }) => name).sort());
});

test('in Kubernetes each file is applied, with an image of this version', t => {
  const kustomization = z
    .object({
      resources: z.array(z.string()),
      images: z.array(z.object({ name: z.string(), newTag: z.string() }).loose()),
    })
    .loose()
    .parse(parse(read(KUBERNETES, 'kustomization.yaml')));
  const files = readdirSync(path.join(ROOT, KUBERNETES)).filter(file => file !== 'kustomization.yaml');
  t.deepEqual(kustomization.resources.sort(), files.sort());
  t.like(kustomization.images[0], { name: container.image, newTag: version });
});

test('the secrets that are made fit what the server takes, and are others each time', t => {
  const { signingKey, logKey, secretKey, adminToken } = readEnvironment({
    ...secrets,
    S3_BUCKET: 'prompts',
    S3_ACCESS_KEY_ID: 'prompd',
  }).options;
  t.notThrows(() => new KeyFolder('none', signingKey));
  t.notThrows(() => new LogKeyFile('none', logKey));
  t.notThrows(() => new SecretKeyFile('none', secretKey));
  t.notThrows(() => assertAdminToken(adminToken));
  for (const [name, value] of Object.entries(secretsOf())) t.not(value, secrets[name], name);
});

function only(kind: string): z.infer<typeof object> {
  const found = objects.filter(one => one.kind === kind);
  if (found.length !== 1 || !found[0]) throw new Error(`${found.length} objects of kind ${kind}`);
  return found[0];
}

function isRoute(address: string): boolean {
  return allRoutes().some(route => route.method === 'get' && route.path === address);
}

function secretsOf(): Record<string, string> {
  const { stdout } = spawnSync(process.execPath, [path.join(ROOT, 'registry-server/deploy/secrets.mjs')], {
    encoding: 'utf8',
  });
  return Object.fromEntries(
    stdout
      .trim()
      .split('\n')
      .map(line => /^([A-Z0-9_]+)="(.*)"$/.exec(line) ?? [])
      .map(([, name = '', value = '']) => [name, value]),
  );
}

/** Fills `${NAME:-default}` and `${NAME:?reason}` in, as compose does. */
function filledIn(environment: Readonly<Record<string, string>>): Record<string, string> {
  const fill = (text: string) =>
    text.replace(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (whole, name: string, kind?: string, rest?: string) => {
      const value = secrets[name] ?? (kind === '-' ? rest : undefined);
      if (value === undefined) throw new Error(`nothing makes ${whole}`);
      return value;
    });
  return Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, fill(value)]));
}
