// Writes the pictures of the web interface in docs/images: a registry in a temporary folder with the example packages, and
// its pages in the system's Chromium, in the light. `npm run build` comes first.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
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
  ['web-dependencies', '/package/@bank/kyc-summary?tab=dependencies', 'The second level'],
];

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
  for (const folder of exampleFolders()) await publish(folder);
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

async function publish(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => path.join(entry.parentPath, entry.name));
  const { manifest } = checkPackageManifest(readFileSync(path.join(folder, 'prompd.json'), 'utf8'));
  const entries = files.map(file => [
    path.relative(folder, file).split(path.sep).join('/'),
    readFileSync(file),
  ]);
  const { bytes } = await packTree(memoryTree(entries), manifest);
  const tag = manifest.version.includes('-') ? '?tag=next' : '';
  const answer = await fetch(`${registry.url}/packages${tag}`, {
    method: 'POST',
    body: bytes,
    headers: { 'content-type': 'application/gzip', authorization: `Bearer ${adminToken}` },
  });
  if (!answer.ok) throw new Error(`${folder}: ${await answer.text()}`);
}

async function takePictures() {
  const browser = await chromium.launch({ executablePath: browserPath(), args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage({ viewport: SIZE, colorScheme: 'light', reducedMotion: 'reduce' });
    for (const [name, address, text] of PAGES) {
      await page.goto(`${registry.url}/web${address}`);
      await page.locator('main').getByText(text).first().waitFor();
      await page.waitForLoadState('networkidle');
      await page.screenshot({ path: path.join(images, `${name}.png`) });
      console.log(`docs/images/${name}.png`);
    }
  } finally {
    await browser.close();
  }
}

function browserPath() {
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  const found = folders.flatMap(folder => names.map(name => path.join(folder, name))).find(existsSync);
  if (!found) throw new Error('There is no Chromium: install it.');
  return found;
}
