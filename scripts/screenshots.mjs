// Writes the pictures of the web interface in docs/images: a registry in a temporary folder with the example packages, a
// project that governs those of a bank, and its pages in the system's Chromium, in the light. `npm run build` comes first.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { chromium } from 'playwright-core';
import { checkPackageManifest } from '../dist/core/manifest.js';
import { memoryTree } from '../dist/tarball/memory-tree.js';
import { packTree } from '../dist/tarball/pack-tree.js';
import { startRegistry } from '../registry-server/dist/main.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const packages = path.join(root, 'fixtures', 'packages');
const images = path.join(root, 'docs', 'images');
/** Pixels; wide enough for two columns. */
const SIZE = { width: 960, height: 640 };

const PAGES = [
  ['web-home', '/', 'Most used'],
  ['web-search', '/search', 'Narrow'],
  ['web-package', '/package/@acme/code-review', 'MIT'],
  ['web-prompts', '/package/@acme/code-review?tab=prompts', 'user'],
  ['web-compare', '/package/@common/tone?tab=compare', 'Contract'],
  ['web-dependencies', '/package/@bank/kyc-summary?tab=dependencies', '@common/safety'],
];

const MODULE = '/projects/@bank/modules/kyc-summary';
/** For who is signed in. */
const OWN_PAGES = [
  ['web-editor', `${MODULE}/prompts/summary`, 'Nothing is wrong with it.', { who: 'ada', from: 'Source' }],
  ['web-approval', '/approvals', 'Decide', { open: '@bank/kyc-summary@1.1.0', who: 'grace' }],
  ['web-channels', `${MODULE}/channels`, 'What moved', { who: 'grace' }],
  ['web-compatibility', `${MODULE}/compatibility`, 'Compatibility', { who: 'ada' }],
  ['web-audit', '/projects/@bank/audit', 'grant.add', { who: 'ada', from: 'Audit' }],
];
const PASSWORD = 'a password of the pictures';
/** Waits for approval. */
const PENDING = path.join('@bank', 'kyc-summary', '1.1.0');

const dataDir = mkdtempSync(path.join(tmpdir(), 'prompd-pictures-'));
const adminToken = `prompd_${randomBytes(32).toString('base64url')}`;
const registry = await startRegistry({
  port: 0,
  host: '127.0.0.1',
  logger: pino({ level: 'silent' }),
  adminToken,
  dataDir,
});
try {
  const [ada, grace] = await beginProject();
  const folders = exampleFolders();
  for (const folder of folders.filter(one => !one.endsWith(PENDING)))
    await publish(folder, folder.includes('@bank') ? ada : adminToken);
  const promotion = { version: '1.0.0', tag: 'production', reason: 'Tried by the officers for a month' };
  await send('POST', '/packages/@bank%2fkyc-summary/promotions', grace, promotion);
  await send('PUT', '/projects/@bank/policy', ada, { policy: policyOf(1) });
  await publish(
    folders.find(one => one.endsWith(PENDING)),
    ada,
  );
  await takePictures();
} finally {
  await registry.close();
  rmSync(dataDir, { recursive: true, force: true });
}

function exampleFolders() {
  return readdirSync(packages, { recursive: true })
    .filter(file => path.basename(file) === 'prompd.json')
    .map(file => path.join(packages, path.dirname(file)))
    .sort();
}

/** Ada writes, Grace approves. @returns their tokens */
async function beginProject() {
  const tokens = [];
  for (const name of ['ada', 'grace']) {
    await send('POST', '/users', adminToken, { name, password: PASSWORD });
    const body = { name: 'pictures', user: name, scopes: ['read', 'publish'] };
    tokens.push((await send('POST', '/tokens', adminToken, body)).token);
  }
  const [ada] = tokens;
  await send('POST', '/projects', ada, { project: '@bank', description: 'Prompts that a bank answers for' });
  const role = { role: 'approver', functions: ['risk'], reason: 'Speaks for risk' };
  await send('POST', '/projects/@bank/grants', ada, { user: 'grace', ...role });
  await send('PUT', '/projects/@bank/policy', ada, { policy: policyOf(0) });
  return tokens;
}

function policyOf(approvals) {
  const tier = { approvals, functions: approvals === 0 ? [] : ['risk'], reviewDays: 180 };
  const channels = { production: { protected: true } };
  const tiers = { 1: tier, 2: tier, 3: tier };
  return { tiers, featFrom: null, requestDays: 14, breakGlassHours: 72, channels };
}

async function send(method, address, token, body) {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const answer = await fetch(`${registry.url}${address}`, { method, headers, body: JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${address}: ${text}`);
  return JSON.parse(text);
}

async function publish(folder, token) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => path.join(entry.parentPath, entry.name));
  const { manifest } = checkPackageManifest(readFileSync(path.join(folder, 'prompd.json'), 'utf8'));
  const entries = files.map(file => [
    path.relative(folder, file).split(path.sep).join('/'),
    readFileSync(file),
  ]);
  const { bytes } = await packTree(memoryTree(entries), manifest);
  const tag = manifest.version.includes('-') ? '&tag=next' : '';
  const answer = await fetch(`${registry.url}/packages?access=public${tag}`, {
    method: 'POST',
    body: bytes,
    headers: { 'content-type': 'application/gzip', authorization: `Bearer ${token}` },
  });
  if (!answer.ok) throw new Error(`${folder}: ${await answer.text()}`);
}

async function takePictures() {
  const browser = await chromium.launch({ executablePath: browserPath(), args: ['--no-sandbox'] });
  try {
    for (const pages of [PAGES, OWN_PAGES.filter(isOf('ada')), OWN_PAGES.filter(isOf('grace'))]) {
      const page = await browser.newPage({ viewport: SIZE, colorScheme: 'light', reducedMotion: 'reduce' });
      const [[, , , { who } = {}]] = pages;
      if (who) await signIn(page, who);
      for (const one of pages) await takePicture(page, one);
      await page.close();
    }
  } finally {
    await browser.close();
  }
}

function isOf(name) {
  return ([, , , { who }]) => who === name;
}

async function signIn(page, name) {
  await page.goto(`${registry.url}/web/sign-in`);
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('link', { name, exact: true }).waitFor();
}

/** @param open a link to follow first. @param from the heading that stands on top */
async function takePicture(page, [name, address, text, { open, from } = {}]) {
  await page.goto(`${registry.url}/web${address}`);
  if (open) await page.getByRole('link', { name: open }).click();
  await page.locator('main').getByText(text).first().waitFor();
  await page.waitForLoadState('networkidle');
  const heading = from ? page.getByRole('heading', { name: from, exact: true }).first() : undefined;
  await heading?.evaluate(element => element.scrollIntoView());
  const file = path.join(images, `${name}.png`);
  await page.screenshot({ path: file });
  console.log(`docs/images/${name}.png, ${Math.ceil(statSync(file).size / 1000)} kB`);
}

function browserPath() {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  const found = folders.flatMap(folder => names.map(name => path.join(folder, name))).find(existsSync);
  if (!found) throw new Error('There is no Chromium: install it.');
  return found;
}
