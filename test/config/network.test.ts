import { mkdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import test from 'ava';
import { loadConfig } from '#prompd/config/load.js';
import { type Teardown, tempDir } from '../support/temp.js';

interface Files {
  readonly user?: unknown;
  readonly project?: unknown;
  readonly env?: Record<string, string>;
}

async function load(t: Teardown, { user, project, env = {} }: Files) {
  const root = tempDir(t);
  const home = path.join(root, 'home');
  const cwd = path.join(root, 'project', 'deep', 'er');
  await mkdir(home);
  await mkdir(cwd, { recursive: true });
  await writeFile(path.join(root, 'project', 'prompd.json'), '{}');
  if (user !== undefined) await writeFile(path.join(home, 'config.json'), JSON.stringify(user));
  if (project !== undefined) {
    await writeFile(path.join(root, 'project', '.prompdrc.json'), JSON.stringify(project));
  }
  return loadConfig({ cwd, env: { PROMPD_HOME: home, ...env }, flags: {} });
}

test('the variables of the network are stronger than both files, and may exceed what the files allow', async t => {
  const { network } = await load(t, {
    user: { network: { concurrency: 8, caFile: 'ca.pem', proxy: 'http://user.example.com' } },
    project: { network: { retries: 1, concurrency: 4 } },
    env: {
      PROMPD_NETWORK_CONCURRENCY: '64',
      PROMPD_NETWORK_TIMEOUT_MS: '5000',
      PROMPD_NETWORK_RETRIES: '3',
      PROMPD_NETWORK_MAX_ARCHIVE_BYTES: '2048',
      PROMPD_NETWORK_PROXY: 'http://ann:secret@proxy.example.com:3128/path',
      PROMPD_NETWORK_NO_PROXY: 'localhost,10.0.0.0/8',
      PROMPD_NETWORK_CA_FILE: '/etc/ca.pem',
    },
  });
  t.deepEqual(network, {
    concurrency: 64,
    timeoutMs: 5000,
    retries: 3,
    maxArchiveBytes: 2048,
    use: 'always',
    proxy: 'http://ann:secret@proxy.example.com:3128/',
    noProxy: 'localhost,10.0.0.0/8',
    caFile: '/etc/ca.pem',
  });
});

test('paths in a file begin at the file, and at the home folder after "~"', async t => {
  const bank = { url: 'https://b.example.com', certFile: 'ann.pem', keyFile: '~/ann-key.pem' };
  const config = await load(t, { user: { network: { caFile: 'ca.pem' }, registries: { bank } } });
  t.is(config.network.caFile, path.join(config.home, 'ca.pem'));
  t.deepEqual(config.registries.get('bank')?.clientCertificate, {
    certFile: path.join(config.home, 'ann.pem'),
    keyFile: path.join(homedir(), 'ann-key.pem'),
  });
});

test('a certificate belongs to the address that the user gave it to', async t => {
  const registries = { bank: { url: 'https://b.example.com', certFile: 'ann.pem' } };
  const moved = { registries: { bank: { url: 'https://evil.example.com' } } };
  const { registries: all } = await load(t, { user: { registries }, project: moved });
  t.is(all.get('bank')?.clientCertificate, undefined);
  const same = await load(t, { user: { registries }, project: { registry: 'https://b.example.com/' } });
  t.truthy(same.registries.get('default')?.clientCertificate);
  const env = { PROMPD_CERT_FILE: '/ann.pem' };
  const chosen = await load(t, { project: { registry: 'https://evil.example.com' }, env });
  t.is(chosen.registries.get('default')?.clientCertificate, undefined);
  const own = await load(t, { user: { registry: 'https://b.example.com' }, env });
  t.deepEqual(own.registries.get('default')?.clientCertificate, {
    certFile: '/ann.pem',
    keyFile: '/ann.pem',
  });
});
