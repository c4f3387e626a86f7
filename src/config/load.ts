import { homedir } from 'node:os';
import path from 'node:path';
import { type Config, DEFAULT_ALIAS, DEFAULT_PORT } from './config.js';

export interface ConfigInput {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly flags: { readonly registry?: string | undefined };
}

export async function loadConfig({ env, flags }: ConfigInput): Promise<Config> {
  const url = flags.registry ?? env['PROMPD_REGISTRY'] ?? `http://127.0.0.1:${DEFAULT_PORT}/`;
  return {
    home: env['PROMPD_HOME'] ?? path.join(homedir(), '.prompd'),
    registries: new Map([[DEFAULT_ALIAS, { alias: DEFAULT_ALIAS, url, origin: 'default' }]]),
    scopes: new Map(),
    publishScope: undefined,
    credentialStore: 'file',
    network: {
      concurrency: 16,
      timeoutMs: 30_000,
      retries: 2,
      maxArchiveBytes: 32 * 1024 * 1024,
      use: 'always',
    },
  };
}
