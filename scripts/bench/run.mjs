// Compares prompd with its peers: `npm run bench`, or `npm run bench -- --packages 100 --delay 0 --rounds 3`.
// Writes docs/bench/results.json and what is made from it. Everything else stays in the folder that --work names.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, homedir, tmpdir, totalmem } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bareEnvironment, clientsFrom, environment } from './clients.mjs';
import { measure, median, serve } from './measure.mjs';
import { installPeers, versionsOf } from './peers.mjs';
import { writeReport } from './report.mjs';
import { serverFigures } from './server-load.mjs';
import { rounds, STATES } from './states.mjs';
import { makeUniverse } from './universe.mjs';

const VERSIONS = 5;
/**
 * A client that has used this much time in a state (milliseconds) takes no further rounds of it; one whose round takes
 * longer takes no part in the states of that size that begin with such an install.
 */
const PATIENCE = 60_000;
/** Where prompd installs from: its own registry, and the one that all share. */
const PROMPD = { prompd: 'prompd', 'prompd-npm': 'prompd (npm registry)' };
const root = fileURLToPath(new URL('../..', import.meta.url));

const { values: options } = parseArgs({
  options: {
    packages: { type: 'string', default: '100,600,6000' },
    delay: { type: 'string', default: '0,30' },
    rounds: { type: 'string', default: '5' },
    // Seconds after which an install is ended.
    limit: { type: 'string', default: '300' },
    clients: { type: 'string' },
    states: { type: 'string', default: [...Object.keys(STATES), 'version', 'server'].join(',') },
    // A ready universe in place of the generated ones; see universe.mjs for its shape.
    universe: { type: 'string' },
    work: { type: 'string', default: path.join(homedir(), '.cache', 'prompd-bench') },
    out: { type: 'string', default: path.join(root, 'docs', 'bench') },
    // Keeps what results.json has of other sizes, distances and states.
    add: { type: 'boolean', default: false },
  },
});
const numbers = text => text.split(',').map(Number);
const wantedStates = options.states.split(',');
const maxRounds = Number(options.rounds);
const limit = Number(options.limit) * 1000;

mkdirSync(options.work, { recursive: true });
const peers = path.join(options.work, 'peers');
const clients = clientsFrom(path.join(peers, 'node_modules'));
const names =
  options.clients?.split(',') ??
  Object.keys(clients).flatMap(name => (name === 'prompd' ? Object.keys(PROMPD) : [name]));
const contenders = contendersOf(names);
if (names.some(name => !(name in PROMPD))) installPeers(peers);
const rows = [];

const asksForInstalls = Object.keys(STATES).some(state => wantedStates.includes(state));
const sizes = options.universe ? [undefined] : numbers(options.packages);
for (const packages of asksForInstalls ? sizes : []) {
  const universe = options.universe ?? generated(packages);
  const size =
    packages ?? Object.keys(JSON.parse(readFileSync(path.join(universe, 'universe.json'), 'utf8'))).length;
  const slow = new Set();
  for (const delay of numbers(options.delay)) await compare(universe, { packages: size, delay, slow });
}
if (wantedStates.includes('version')) compareVersions();
const server = wantedStates.includes('server')
  ? await serverFigures({ modules: installPeers(peers), work: options.work })
  : [];

const before = options.add
  ? JSON.parse(readFileSync(path.join(options.out, 'results.json'), 'utf8'))
  : undefined;
const result = {
  machine: {
    processors: cpus().length,
    model: cpus()[0].model,
    memory: Math.round(totalmem() / 2 ** 30),
    node: process.version,
  },
  versions: {
    prompd: manifestOf('.').version,
    ...versionsOf(path.join(peers, 'node_modules')),
    verdaccio: manifestOf('node_modules/verdaccio').version,
  },
  rows: inOrder([
    ...(before?.rows.filter(row => !rows.some(fresh => isSameGroup(row, fresh))) ?? []),
    ...rows,
  ]),
  server: wantedStates.includes('server') ? server : (before?.server ?? []),
};
mkdirSync(options.out, { recursive: true });
writeFileSync(path.join(options.out, 'results.json'), `${JSON.stringify(result, null, 2)}\n`);
writeReport(result, options.out);

/** By size, then by distance; what has no size comes last. */
function inOrder(all) {
  const states = Object.keys(STATES);
  const size = ({ packages }) => packages || Number.MAX_SAFE_INTEGER;
  return all.toSorted(
    (a, b) => size(a) - size(b) || a.delay - b.delay || states.indexOf(a.state) - states.indexOf(b.state),
  );
}

/** Whether two rows can be compared with each other: then they have to be of one run. */
function isSameGroup(a, b) {
  return a.state === b.state && a.packages === b.packages && a.delay === b.delay;
}

function generated(packages) {
  const folder = path.join(options.work, `universe-${packages}x${VERSIONS}`);
  const roots = Math.max(10, Math.round(packages / 15));
  if (!existsSync(folder)) makeUniverse(folder, { packages, versions: VERSIONS, roots });
  return folder;
}

/** prompd takes part twice. */
function contendersOf(clientNames) {
  return clientNames.map(name => {
    const client = clients[name in PROMPD ? 'prompd' : name];
    return { name: PROMPD[name] ?? name, client, own: name === 'prompd' };
  });
}

/** @param slow the contenders that took too long for a cold install at this size */
async function compare(universe, { packages, delay, slow }) {
  const roots = JSON.parse(readFileSync(path.join(universe, 'roots.json'), 'utf8'));
  const data = path.join(options.work, `registry-${path.basename(universe)}`);
  const servers = {
    npm: await serve(fileURLToPath(new URL('npm-server.mjs', import.meta.url)), [universe, delay]),
    // Filling it takes a while.
    ...(contenders.some(({ own }) => own) && {
      own: await serve(fileURLToPath(new URL('prompd-server.mjs', import.meta.url)), [universe, data, delay]),
    }),
  };
  try {
    for (const state of Object.keys(STATES)) {
      // How far the registry is matters only to those who ask it.
      if (!wantedStates.includes(state) || (state !== 'cold' && delay > 0)) continue;
      const isPrepared = STATES[state].prepare !== undefined;
      const running = contenders
        .filter(({ name }) => !isPrepared || !slow.has(name))
        .map(({ name, client, own }) => ({
          name,
          found: [],
          spent: 0,
          next: rounds(state, {
            client,
            dir: path.join(options.work, 'projects', `${name}-${state}`.replace(/\W+/g, '-')),
            registry: own ? servers.own.url : servers.npm.url,
            roots,
            limit,
          }),
        }));
      const found = takeTurns([...running, emptyProgram()]);
      rows.push(...found.map(row => ({ state, packages, delay, ...row })));
      for (const { client, wall } of found) if (wall > PATIENCE) slow.add(client);
    }
  } finally {
    await Promise.all([servers.npm.stop(), servers.own?.stop()]);
  }
}

/**
 * One round each, in turn: what slows the machine down for a while then slows all of them. In an order of its own in each
 * round: who comes after a program like itself finds the processor's memory as it needs it.
 */
function takeTurns(running) {
  for (let round = 0; round < maxRounds; round++) {
    const place = ({ name }) => createHash('sha256').update(`${round} ${name}`).digest('hex');
    for (const one of running.toSorted((a, b) => (place(a) < place(b) ? -1 : 1))) {
      if (one.spent > PATIENCE) continue;
      const { value } = one.next.next();
      one.found.push(value);
      one.spent += value.wall;
    }
  }
  return running.map(({ name, found }) => {
    const row = {
      client: name,
      rounds: found.length,
      wall: median(found.map(({ wall }) => wall)),
      cpu: median(found.map(({ cpu }) => cpu)),
      memory: median(found.map(({ memory }) => memory)),
      ...(found.some(({ isEnded }) => isEnded) && { isEnded: true }),
    };
    console.error(`  ${name}: ${Math.round(row.wall)} ms, ${Math.round(row.cpu ?? 0)} ms CPU`);
    return row;
  });
}

/** What any program in JavaScript takes. */
function emptyProgram() {
  return {
    name: 'node -e 0',
    found: [],
    spent: 0,
    next: repeated([process.execPath, '-e', '0'], bareEnvironment(tmpdir())),
  };
}

function* repeated(command, env) {
  while (true) yield measure(command, { cwd: tmpdir(), env });
}

function compareVersions() {
  const running = Object.entries(clients)
    .filter(([name]) => contenders.some(({ client }) => client === clients[name]))
    .map(([name, client]) => ({
      name,
      found: [],
      spent: 0,
      next: repeated([...client.command, '--version'], environment(client, tmpdir(), 'http://127.0.0.1:9')),
    }));
  for (const row of takeTurns([...running, emptyProgram()]))
    rows.push({ state: 'version', packages: 0, delay: 0, ...row });
}

function manifestOf(folder) {
  return JSON.parse(readFileSync(path.join(root, folder, 'package.json'), 'utf8'));
}
