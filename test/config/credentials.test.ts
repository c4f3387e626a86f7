import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'ava';
import type { RegistryConfig } from '#prompd/config/config.js';
import { openKeychain, tokenFor } from '#prompd/config/credentials.js';
import { fileKeychain } from '#prompd/config/file-keychain.js';
import { PrompdError } from '#prompd/core/errors.js';
import { tempDir } from '../support/temp.js';

const BANK = 'https://bank.example.com/';
const silent = () => {};

test('the file keychain keeps, finds and forgets a password', async t => {
  const keychain = fileKeychain(path.join(tempDir(t), 'new', 'credentials.json'), silent);
  t.is(await keychain.getPassword('prompd', BANK), null);
  await keychain.setPassword('prompd', BANK, 'one');
  await keychain.setPassword('prompd', BANK, 'two');
  await keychain.setPassword('other', BANK, 'three');
  t.is(await keychain.getPassword('prompd', BANK), 'two');
  t.deepEqual(await keychain.findCredentials('prompd'), [{ account: BANK, password: 'two' }]);
  t.true(await keychain.deletePassword('prompd', BANK));
  t.false(await keychain.deletePassword('prompd', BANK));
  t.is(await keychain.getPassword('other', BANK), 'three');
});

test('the credentials file is readable by its owner only, also after it is replaced', async t => {
  const file = path.join(tempDir(t), 'credentials.json');
  const keychain = fileKeychain(file, silent);
  for (const password of ['one', 'two']) {
    await keychain.setPassword('prompd', BANK, password);
    t.is((await stat(file)).mode & 0o777, 0o600);
  }
});

test('a credentials file that others can read is made private, and the user is told', async t => {
  const file = path.join(tempDir(t), 'credentials.json');
  const warnings: string[] = [];
  const keychain = fileKeychain(file, message => warnings.push(message));
  await keychain.setPassword('prompd', BANK, 'one');
  await chmod(file, 0o644);
  t.is(await keychain.getPassword('prompd', BANK), 'one');
  t.is((await stat(file)).mode & 0o777, 0o600);
  t.is(warnings.length, 1);
  t.regex(warnings[0] ?? '', /credentials\.json could be read by other users/);
});

test('twenty logins at once lose none', async t => {
  const file = path.join(tempDir(t), 'credentials.json');
  const accounts = Array.from({ length: 20 }, (_, index) => `https://r${index}.example.com/`);
  await Promise.all(accounts.map(account => fileKeychain(file, silent).setPassword('prompd', account, 'x')));
  const found = await fileKeychain(file, silent).findCredentials('prompd');
  t.deepEqual(found.map(({ account }) => account).sort(), accounts.sort());
});

test('a broken credentials file is an error that does not quote it', async t => {
  const file = path.join(tempDir(t), 'credentials.json');
  await writeFile(file, 'prompt-secret-value', { mode: 0o600 });
  const error = await t.throwsAsync(fileKeychain(file, silent).getPassword('prompd', BANK), {
    instanceOf: PrompdError,
    code: 'ECONFIG',
  });
  t.notRegex(`${error?.message}${JSON.stringify(error)}${String(error?.cause)}`, /secret-value/);
  t.is(await readFile(file, 'utf8'), 'prompt-secret-value');
});

const registry = (alias: string, origin: RegistryConfig['origin']): RegistryConfig => ({
  alias,
  url: BANK,
  origin,
  protocol: undefined,
  publicKey: undefined,
  publicKeyOrigin: undefined,
  clientCertificate: undefined,
});

for (const [title, config, env, stored, expected] of [
  [
    'the variable goes to the default registry of the user',
    registry('default', 'user'),
    'env',
    'file',
    'env',
  ],
  [
    'the variable goes to the built-in default registry',
    registry('default', 'default'),
    'env',
    undefined,
    'env',
  ],
  [
    'the variable goes to a registry from the command line',
    registry('default', 'flag'),
    'env',
    'file',
    'env',
  ],
  [
    'the variable does not go to a registry that the project chose',
    registry('default', 'project'),
    'env',
    undefined,
    undefined,
  ],
  [
    'a stored token goes to its address, whoever named it',
    registry('default', 'project'),
    'env',
    'file',
    'file',
  ],
  ['the variable does not go to other registries', registry('bank', 'user'), 'env', undefined, undefined],
  ['an empty variable is none', registry('default', 'user'), '', 'file', 'file'],
] satisfies [string, RegistryConfig, string, string | undefined, string | undefined][]) {
  test(`choosing a token: ${title}`, async t => {
    const home = tempDir(t);
    const warnings: string[] = [];
    const warn = (message: string) => warnings.push(message);
    const context = { config: { home, credentialStore: 'file' as const }, env: { PROMPD_TOKEN: env }, warn };
    if (stored !== undefined) await openKeychain(context).setPassword('prompd', BANK, stored);
    t.is(await tokenFor(context, config), expected);
    const refused = config.origin === 'project';
    t.is(warnings.length, refused ? 1 : 0);
    if (refused) t.regex(warnings[0] ?? '', /PROMPD_REGISTRY/);
  });
}

test('a token with a line break is refused without being shown', async t => {
  const context = {
    config: { home: tempDir(t), credentialStore: 'file' as const },
    env: { PROMPD_TOKEN: 'abc\r\nx-evil: 1' },
    warn: silent,
  };
  const error = await t.throwsAsync(tokenFor(context, registry('default', 'user')), { code: 'EAUTH' });
  t.notRegex(error?.message ?? '', /evil/);
});

test('a stored token with a line break, as an editor may leave it, is refused without being shown', async t => {
  const context = { config: { home: tempDir(t), credentialStore: 'file' as const }, env: {}, warn: silent };
  await openKeychain(context).setPassword('prompd', BANK, 'abc\r\nx-evil: 1');
  const error = await t.throwsAsync(tokenFor(context, registry('bank', 'user')), { code: 'EAUTH' });
  t.regex(error?.message ?? '', /credential store/);
  t.notRegex(error?.message ?? '', /evil/);
});

test('where the system has no credential store, the error names the way out', async t => {
  const keychain = openKeychain({ config: { home: tempDir(t), credentialStore: 'keychain' }, warn: silent });
  try {
    await keychain.setPassword('prompd-test', BANK, 'x');
  } catch (error) {
    t.true(error instanceof PrompdError && error.code === 'EKEYCHAIN');
    t.regex(error instanceof PrompdError ? (error.hint ?? '') : '', /"credentialStore": "file"/);
    return;
  }
  t.is(await keychain.getPassword('prompd-test', BANK), 'x');
  t.true(await keychain.deletePassword('prompd-test', BANK));
});
