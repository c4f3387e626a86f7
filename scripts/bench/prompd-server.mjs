// prompd's own registry over a universe, with its embedded database.
// Arguments: folder of the universe, data folder (filled at the first use), milliseconds to wait before each answer.
// Prints its address when everything is published.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { Server } from 'node:http';
import path from 'node:path';
import { startRegistry } from '../../registry-server/dist/main.js';

const [folder, dataDir, delay = '0'] = process.argv.slice(2);
const token = 'bench-bench-bench-bench';
const filled = path.join(dataDir, 'filled');

const registry = await startRegistry({ dataDir, port: 0, host: '127.0.0.1', adminToken: token });
if (!existsSync(filled)) await fill(registry.url);
if (Number(delay) > 0) answerLate(Number(delay));
console.log(registry.url);
process.once('SIGTERM', () => void registry.close().then(() => process.exit(0)));

async function fill(url) {
  const universe = JSON.parse(readFileSync(path.join(folder, 'universe.json'), 'utf8'));
  const files = Object.values(universe).flatMap(({ versions }) =>
    Object.values(versions).map(({ dist }) => dist.file),
  );
  if (files.length !== readdirSync(path.join(folder, 'tarballs')).length)
    throw new Error('tarballs do not match');
  let next = 0;
  const worker = async () => {
    for (let file = files[next++]; file !== undefined; file = files[next++]) await publish(url, file);
  };
  await Promise.all(Array.from({ length: 4 }, worker));
  writeFileSync(filled, `${files.length}\n`);
}

async function publish(url, file) {
  const answer = await fetch(`${url}/packages`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' },
    body: readFileSync(path.join(folder, 'tarballs', file)),
  });
  const text = await answer.text();
  if (answer.status !== 201 && answer.status !== 409) throw new Error(`${file}: ${answer.status} ${text}`);
}

/** Puts the distance into this very process: a proxy between the two would cost time of its own. */
function answerLate(ms) {
  const { emit } = Server.prototype;
  Server.prototype.emit = function (event, ...rest) {
    if (event !== 'request') return emit.call(this, event, ...rest);
    setTimeout(() => emit.call(this, event, ...rest), ms);
    return true;
  };
}
