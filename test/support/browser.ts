import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { z } from 'zod';
import { systemProgram } from './programs.js';
import type { Teardown } from './temp.js';

let running: Promise<Browser> | undefined;

/** A page in a profile of its own, in the system's Chromium. `faults` are errors of its scripts, what its policy refuses, and requests to other hosts. */
export async function openPage(
  t: Teardown,
  { width = 1280, height = 800, dark = false }: { width?: number; height?: number; dark?: boolean } = {},
): Promise<{ page: Page; context: BrowserContext; faults: string[] }> {
  running ??= chromium.launch({
    executablePath: systemProgram('chromium', 'chromium-browser', 'google-chrome'),
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  const browser = await running;
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
  });
  t.teardown(() => context.close());
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', error => faults.push(String(error)));
  page.on('console', message => {
    // Chromium itself says so of every refusal, also of those that a page shows.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      faults.push(message.text());
  });
  page.on('request', request => {
    const { protocol, hostname } = new URL(request.url());
    if (protocol.startsWith('http') && hostname !== '127.0.0.1') faults.push(`asks ${hostname}`);
  });
  return { page, context, faults };
}

/**
 * Signs in, and waits until the page that was asked for is there: the header knows who it is a moment before, while the
 * form of the sign-in still stands and would take what a test types next.
 * @param registry its address; @param path below `/web`
 */
export async function enterPage(
  page: Page,
  registry: string,
  { name, password, path }: { name: string; password: string; path: string },
): Promise<void> {
  await page.goto(`${registry}/web/sign-in?return=${encodeURIComponent(`/web${path}`)}`);
  const form = page.locator('form', { has: page.getByLabel('Password') });
  await form.getByLabel('Name').fill(name);
  await form.getByLabel('Password').fill(password);
  await form.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('link', { name, exact: true }).waitFor();
  await page.waitForURL(url => !url.pathname.endsWith('/sign-in'));
  await form.getByRole('button', { name: 'Sign in' }).waitFor({ state: 'detached' });
}

/** Ends the browser of this test file. */
export async function closeBrowser(): Promise<void> {
  await (await running)?.close();
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const violations = z.array(z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string() })) }));

/**
 * What axe finds wrong with a page as it is now, as `rule: element`.
 * @param rules all of them by default
 */
export async function accessibilityFaults(page: Page, ...rules: string[]): Promise<string[]> {
  await page.evaluate(AXE);
  const options = JSON.stringify(rules.length > 0 ? { runOnly: { type: 'rule', values: rules } } : {});
  const found = await page.evaluate(`axe.run(document, ${options}).then(({ violations }) => violations)`);
  return violations
    .parse(found)
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}
