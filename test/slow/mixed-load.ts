// A load generator in a process of its own: as many requests at once as it is told, one of a hundred a promotion, each
// followed by the next when it is answered. Arguments: address, token that may promote, packages, connections, seconds.
// Prints what it saw as JSON.
import { Agent, request } from 'node:http';

const [url = '', token = '', packages = '1', connections = '1', seconds = '1'] = process.argv.slice(2);
const SHARE = 100;
const agent = new Agent({ keepAlive: true, maxSockets: Number(connections) });
const reads: number[] = [];
const promotions: number[] = [];
let [asked, promoted, failed] = [0, 0, 0];
const end = performance.now() + Number(seconds) * 1_000;
await Promise.all(Array.from({ length: Number(connections) }, askOn));
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
  while (performance.now() < end) {
    const isPromotion = ++asked % SHARE === 0;
    const began = performance.now();
    const status = await (isPromotion ? promote(promoted++) : read(asked));
    if (status !== 200) failed++;
    (isPromotion ? promotions : reads).push(performance.now() - began);
  }
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
