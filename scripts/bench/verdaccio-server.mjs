// A Verdaccio that holds one package of a universe. Arguments: storage folder, universe, the package.
// Prints its address.
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const [storage, universe, name] = process.argv.slice(2);
const port = await freePort();
const url = `http://127.0.0.1:${port}`;
writeFileSync(
  path.join(storage, 'config.yaml'),
  `storage: ${storage}/storage
auth: { htpasswd: { file: ${storage}/htpasswd } }
packages: { '**': { access: $all, publish: $authenticated } }
log: { type: stdout, level: fatal }
`,
);
const program = path.join(
  path.dirname(createRequire(import.meta.url).resolve('verdaccio/package.json')),
  'bin/verdaccio',
);
const child = spawn(process.execPath, [program, '--config', 'config.yaml', '--listen', `127.0.0.1:${port}`], {
  cwd: storage,
  stdio: 'ignore',
});
process.once('SIGTERM', () => {
  child.once('close', () => process.exit(0));
  child.kill('SIGKILL');
});
while (
  !(await fetch(`${url}/-/ping`).then(
    answer => answer.ok,
    () => false,
  ))
)
  await sleep(200);
await publish();
console.log(url);

async function publish() {
  const user = { name: 'bench', password: 'bench-bench-bench' };
  const signedUp = await send('PUT', `/-/user/org.couchdb.user:${user.name}`, user);
  const document = JSON.parse(readFileSync(path.join(universe, 'universe.json'), 'utf8'))[name];
  for (const [version, { prompd: _manifest, dist, ...rest }] of Object.entries(document.versions)) {
    const file = `${name.split('/').at(-1)}-${version}.tgz`;
    const data = readFileSync(path.join(universe, 'tarballs', dist.file)).toString('base64');
    const entry = {
      ...rest,
      dist: { integrity: dist.integrity, shasum: dist.shasum, tarball: `${url}/${name}/-/${file}` },
    };
    const body = {
      name,
      'dist-tags': { latest: version },
      versions: { [version]: entry },
      _attachments: { [file]: { content_type: 'application/octet-stream', data, length: data.length } },
    };
    await send('PUT', `/${encodeURIComponent(name)}`, body, signedUp.token);
  }
}

async function send(method, place, body, token) {
  const answer = await fetch(url + place, {
    method,
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} ${place}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

async function freePort() {
  const probe = createServer();
  await new Promise(resolve => probe.listen(0, '127.0.0.1', resolve));
  const { port: free } = probe.address();
  await new Promise(resolve => probe.close(resolve));
  return free;
}
