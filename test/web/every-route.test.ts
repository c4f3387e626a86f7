import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import type { Page } from 'playwright-core';
import { z } from 'zod';
import { accessibilityFaults, closeBrowser, enterPage, openPage } from '../support/browser.js';
import {
  archiveBody,
  jsonBody,
  packTest,
  startTestRegistry,
  type TestRegistry,
} from '../support/registry.js';

const PASSWORD = 'correct horse battery';
/** What somebody might write into any text to run a script in the browser of who reads it, or to break the page. */
const HOSTILE = `"'><img src=x onerror="window.taken=1"><script>window.taken=1</script>{{ 7*7 }} ${'x'.repeat(80)}`;
const SOURCE = `---
name: summary
version: 1.0.0
description: ${JSON.stringify(HOSTILE)}
parameters:
  - name: who
    type: string
    description: ${JSON.stringify(HOSTILE)}
---

# User

Sum up {{ who }}. <img src=x onerror="window.taken=1">
`;
const request = z.object({ id: z.string(), digest: z.string() });
const receipt = z.object({ approval: request });
/** Where the routes are written: every path of the interface. */
const SOURCES = fileURLToPath(new URL('../../../registry-server/web/src/', import.meta.url));
const ROUTES = readdirSync(SOURCES)
  .map(name => (/\.tsx?$/.test(name) ? readFileSync(`${SOURCES}${name}`, 'utf8') : ''))
  .filter(text => text.includes('createRoute('))
  .flatMap(text => [...text.matchAll(/^\s+path: '([^']+)'/gm)].map(([, path = '']) => path));

const undo: Array<() => void | Promise<void>> = [];
const registry: TestRegistry = await startTestRegistry({ teardown: step => undo.unshift(step) });
const waiting = await seed();
const { page, faults } = await openPage({ teardown: step => undo.unshift(step) });
await enter(page, 'ada', '/account');
test.after.always('browser and registry stop', async () => {
  for (const step of undo) await step();
  await closeBrowser();
});

/** What stands for each part of a path that varies. */
const PLACES: Readonly<Record<string, string>> = {
  $: '@bank/kyc',
  $author: 'Ann Other',
  $scope: '@bank',
  $project: '@bank',
  $module: 'kyc',
  $prompt: 'summary',
  $version: '1.0.0',
  $user: 'ada',
  $id: waiting,
};

test.serial('the routes are found where they are written', t => {
  t.true(ROUTES.length > 25, ROUTES.join());
});

for (const route of ROUTES) {
  test.serial(
    `${route} can be read in the light and, on a telephone, in the dark; nothing hostile in it runs`,
    async t => {
      const path = route.replace(/\$\w*/g, part => {
        const place = PLACES[part];
        if (place === undefined) throw new Error(`Say in PLACES what stands for ${part} of ${route}.`);
        return place;
      });
      await page.emulateMedia({ colorScheme: 'light' });
      await page.setViewportSize({ width: 1280, height: 800 });
      await page.goto(`${registry.url}/web${path}`);
      await page.locator('main h1').first().waitFor();
      await page.waitForLoadState('networkidle');
      t.is(await page.locator('main .loading').count(), 0);
      t.is(await page.locator('main h1').count(), 1);
      t.deepEqual(await page.locator('main [role=alert]').allTextContents(), []);
      t.deepEqual(await accessibilityFaults(page, 'color-contrast'), []);
      await page.emulateMedia({ colorScheme: 'dark' });
      await page.setViewportSize({ width: 360, height: 740 });
      t.deepEqual(await accessibilityFaults(page), []);
      const width = await page.evaluate<number>('document.documentElement.scrollWidth');
      t.true(width <= 360, `${width} pixels wide`);
      t.is(await page.evaluate('window.taken'), undefined);
      t.is(await page.locator('img[src=x]').count(), 0);
      t.deepEqual(faults.splice(0), []);
    },
  );
}

async function enter(page: Page, name: string, path: string): Promise<void> {
  await enterPage(page, registry.url, { name, password: PASSWORD, path });
}

/** A project with a published version, one that waits, and a draft. @returns the request that waits */
async function seed(): Promise<string> {
  const send = async (path: string, init: RequestInit, token = registry.adminToken) => {
    const answer = await registry.request(path, { ...init, token });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  };
  for (const [name, admin] of [
    ['ada', true],
    ['grace', false],
  ] as const) {
    await send('/users', jsonBody('POST', { name, password: PASSWORD, admin }));
  }
  const [ada, grace] = [
    await registry.tokenOf('ada', 'read', 'publish'),
    await registry.tokenOf('grace', 'read', 'publish'),
  ];
  await send(
    '/projects',
    jsonBody('POST', { project: '@bank', description: HOSTILE, intent: HOSTILE, author: HOSTILE }),
    ada,
  );
  for (const user of ['ada', 'grace']) {
    const grant = { user, role: 'approver', functions: ['business', 'risk', 'validator'], reason: HOSTILE };
    await send('/projects/@bank/grants', jsonBody('POST', grant), ada);
  }
  const tier = { approvals: 1, functions: [], reviewDays: 90 };
  const policy = {
    tiers: { 1: tier, 2: tier, 3: tier },
    featFrom: null,
    requestDays: 14,
    breakGlassHours: 72,
    channels: { production: { protected: true } },
  };
  await send('/projects/@bank/policy', jsonBody('PUT', { policy, reason: HOSTILE }), ada);
  await send('/projects/@bank/teams', jsonBody('POST', { name: 'risk', description: HOSTILE }), ada);
  await send('/projects/@bank/modules', jsonBody('POST', { module: 'kyc', description: HOSTILE }), ada);
  const readme = `# ${HOSTILE}\n\n[go](javascript:window.taken=1) ![x](https://example.com/x.png)\n\n${HOSTILE}\n`;
  let pending = '';
  for (const version of ['1.0.0', '1.1.0']) {
    const manifest = {
      name: '@bank/kyc',
      version,
      description: HOSTILE,
      author: 'Ann Other',
      license: 'MIT',
      category: 'finance',
      keywords: ['kyc'],
      prompts: { summary: 'prompts/summary.prompd' },
    };
    const files = { 'prompts/summary.prompd': `${SOURCE}Version ${version}.\n`, 'README.md': readme };
    const { bytes } = await packTest(manifest, files);
    const { approval } = receipt.parse(
      await (await send('/packages?access=public', archiveBody(bytes), ada)).json(),
    );
    pending = approval.id;
    if (version !== '1.0.0') continue;
    const decision = { decision: 'approve', digest: approval.digest, function: 'risk', reason: HOSTILE };
    await send(`/approvals/${approval.id}/decisions`, jsonBody('POST', decision), grace);
    const promotion = { version, tag: 'production', reason: HOSTILE };
    await send('/packages/@bank%2fkyc/promotions', jsonBody('POST', promotion), grace);
  }
  const draft = jsonBody('PUT', { source: `${SOURCE}Drafted.\n` });
  const written = await send('/projects/@bank/modules/kyc/prompts/summary', {}, ada);
  await send(
    '/projects/@bank/modules/kyc/prompts/summary',
    { ...draft, headers: { ...draft.headers, 'if-match': written.headers.get('etag') ?? '' } },
    ada,
  );
  return pending;
}
