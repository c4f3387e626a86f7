// Requests a second of registries and of what they could at best be, with one load generator beside them.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { serve } from './measure.mjs';
import { makeUniverse } from './universe.mjs';

const SECONDS = 6;
const CONNECTIONS = 32;

/** @returns {Promise<Array<{server: string, what: string, perSecond: number, p99: number | undefined}>>} p99 in milliseconds */
export async function serverFigures({ modules, work }) {
  const universe = path.join(work, 'universe-30x5');
  if (!existsSync(universe)) makeUniverse(universe, { packages: 30, versions: 5, roots: 10 });
  const [sample] = Object.values(JSON.parse(readFileSync(path.join(universe, 'universe.json'), 'utf8')));
  const figures = [];
  for (const contender of contendersOf({ work, universe, sample })) {
    const server = await serve(here(contender.script), contender.args);
    try {
      for (const [what, { place, headers = {} }] of Object.entries(contender.places)) {
        const url = new URL(place, server.url).href;
        const status = await statusOf(url, headers);
        if (status !== 200) throw new Error(`${contender.server} answered ${status} to ${url}`);
        figures.push({ server: contender.server, what, ...load(url, { modules, headers }) });
        console.error(`  ${contender.server}, ${what}: ${Math.round(figures.at(-1).perSecond)}/s`);
      }
    } finally {
      await server.stop();
    }
  }
  return figures;
}

function contendersOf({ work, universe, sample }) {
  const { name } = sample;
  const version = sample['dist-tags'].latest;
  const base = name.split('/').at(-1);
  const data = path.join(work, 'registry-universe-30x5');
  const storage = path.join(work, 'verdaccio');
  rmSync(storage, { recursive: true, force: true });
  mkdirSync(storage, { recursive: true });
  const tarball = { place: `/packages/${name}/-/${base}-${version}.tgz` };
  return [
    {
      server: 'node:http, 2 KB',
      script: 'bare-servers.mjs',
      args: ['node'],
      places: { answer: { place: '/' } },
    },
    {
      server: 'Express 5, 2 KB',
      script: 'bare-servers.mjs',
      args: ['express'],
      places: { answer: { place: '/' } },
    },
    {
      server: 'prompd',
      script: 'prompd-server.mjs',
      args: [universe, data, 0],
      places: {
        packument: { place: `/packages/${name}` },
        'packument, gzip': { place: `/packages/${name}`, headers: { 'accept-encoding': 'gzip' } },
        tarball,
        delivery: { place: `/delivery/${name}/${base}` },
      },
    },
    {
      server: 'Verdaccio 6',
      script: 'verdaccio-server.mjs',
      args: [storage, universe, name],
      places: {
        packument: { place: `/${name}` },
        tarball: { place: `/${name}/-/${base}-${version}.tgz` },
      },
    },
  ];
}

/** On a connection of its own: one that is kept may be closed while the load runs. */
function statusOf(url, headers) {
  return new Promise((resolve, reject) => {
    const request = get(url, { headers, agent: false }, response => {
      response.resume().once('end', () => resolve(response.statusCode));
    });
    request.once('error', reject);
  });
}

function here(file) {
  return fileURLToPath(new URL(file, import.meta.url));
}

/** wrk where there is one: it costs the least beside the server. */
function load(url, { modules, headers }) {
  const lines = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const wrk = spawnSync('wrk', ['-t1', `-c${CONNECTIONS}`, `-d${SECONDS}s`, '--latency', ...lines, url], {
    encoding: 'utf8',
  });
  if (wrk.error === undefined) {
    const perSecond = Number(/Requests\/sec:\s+([\d.]+)/.exec(wrk.stdout)?.[1]);
    const [, amount, unit] = /99%\s+([\d.]+)(us|ms|s)/.exec(wrk.stdout) ?? [];
    return { perSecond, p99: Number(amount) * { us: 0.001, ms: 1, s: 1000 }[unit] };
  }
  const program = path.join(modules, 'autocannon', 'autocannon.js');
  const args = ['--json', '-c', String(CONNECTIONS), '-d', String(SECONDS), ...lines, url];
  const done = spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });
  const { requests, latency } = JSON.parse(done.stdout);
  return { perSecond: requests.average, p99: latency.p99 };
}
