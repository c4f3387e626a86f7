// A load generator in a process of its own, of whose requests one of a hundred is a promotion. Arguments: address, token
// that may promote, packages, how it asks, how much, seconds. `at-once 8` has 8 requests under way, each followed by the
// next when it is answered; `a-second 1000` sends 1,000 requests a second whatever becomes of those before, and counts from
// when one should have been sent. Prints what it saw as JSON, without the first seconds, in which connections are opened
// and a server that has just started is compiled.
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const [url = '', token = '', packages = '1', how = '', amount = '1', seconds = '1'] = process.argv.slice(2);
const SHARE = 100;
const WARM_UP_MS = 4_000;
/** Beyond what answers in time need. */
const MAX_SOCKETS = 256;
const agent = new Agent({ keepAlive: true, maxSockets: MAX_SOCKETS });
const reads: number[] = [];
const promotions: number[] = [];
let [asked, promoted, failed] = [0, 0, 0];
const start = performance.now();
const counted = start + WARM_UP_MS;
const end = counted + Number(seconds) * 1_000;
if (how === 'at-once') await Promise.all(Array.from({ length: Number(amount) }, askOn));
else await askSteadily(Number(amount));
agent.destroy();
console.log(
  JSON.stringify({
    reads: reads.length,
    p50: quantile(reads, 0.5),
    p99: quantile(reads, 0.99),
    promotions: promotions.length,
    promotionP50: quantile(promotions, 0.5),
    failed,
  }),
);

async function askOn(): Promise<void> {
  while (performance.now() < end) await ask(performance.now());
}

async function askSteadily(perSecond: number): Promise<void> {
  const underWay: Promise<void>[] = [];
  for (let due = start; due < end; ) {
    for (; due <= performance.now() && due < end; due += 1_000 / perSecond) underWay.push(ask(due));
    await sleep(1);
  }
  await Promise.all(underWay);
}

/** @param began from when the time counts that it takes */
async function ask(began: number): Promise<void> {
  const isPromotion = ++asked % SHARE === 0;
  const status = await (isPromotion ? promote(promoted++) : read(asked));
  if (began < counted) return;
  if (status !== 200) failed++;
  (isPromotion ? promotions : reads).push(performance.now() - began);
}

function read(number: number): Promise<number> {
  return send('GET', `/delivery/@bank/module-${number % Number(packages)}/summary?tag=production`);
}

function promote(number: number): Promise<number> {
  const version = Math.floor(number / Number(packages)) % 2 === 0 ? '1.1.0' : '1.0.0';
  const place = `/packages/@bank/module-${number % Number(packages)}/dist-tags/production`;
  return send('PUT', place, JSON.stringify({ version }));
}

function send(method: string, place: string, body?: string): Promise<number> {
  const headers =
    body === undefined
      ? {}
      : {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
        };
  return new Promise(resolve => {
    request(url + place, { method, agent, headers }, response => {
      response.resume().once('end', () => resolve(response.statusCode ?? 0));
    })
      .once('error', () => resolve(0))
      .end(body);
  });
}

function quantile(times: number[], share: number): number {
  const sorted = times.sort((a, b) => a - b);
  return Math.round((sorted[Math.floor(sorted.length * share)] ?? 0) * 100) / 100;
}
