import { pino } from 'pino';
import { z } from 'zod';
import type { NpmClient } from '../../support/npm-clients.js';
import { startTestRegistry, type TestRegistry } from '../../support/registry.js';
import type { Teardown } from '../../support/temp.js';

/** A registry that notes down what it was asked and how it answered. */
export interface NotingRegistry extends TestRegistry {
  /** `GET /npm/@acme%2ftone 200`, in the order of the answers; cleared when read. */
  asked(): string[];
}

const lineSchema = z.object({
  req: z.object({ method: z.string(), url: z.string() }),
  res: z.object({ statusCode: z.number() }),
});

export async function startNotingRegistry(t: Teardown): Promise<NotingRegistry> {
  const notes: string[] = [];
  const logger = pino(
    { level: 'info' },
    {
      write(line: string) {
        const parsed = lineSchema.safeParse(JSON.parse(line));
        if (!parsed.success) return;
        const { req, res } = parsed.data;
        notes.push(`${req.method} ${req.url.replace(/%2f/gi, '%2f')} ${res.statusCode}`);
      },
    },
  );
  const registry = await startTestRegistry(t, { logger });
  return { ...registry, asked: () => notes.splice(0) };
}

/** Writes the folder of a package that is one to npm and to prompd; `manifest` false leaves prompd.json out. */
export function writePackage(
  client: NpmClient,
  folder: string,
  {
    manifest = true,
    ...members
  }: { name: string; version: string; manifest?: boolean } & Record<string, unknown>,
): void {
  const text = JSON.stringify({ dependencies: {}, description: 'Polishes a zither', ...members });
  client.write(folder, {
    'package.json': text,
    'README.md': '# Zither\n',
    ...(manifest ? { 'prompd.json': text } : {}),
  });
}

/** An empty project that installs packages. */
export function writeProject(client: NpmClient, folder: string): void {
  client.write(folder, { 'package.json': '{"name":"project","version":"1.0.0","private":true}' });
}
