import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { loadConfig } from '#prompd/config/load.js';
import { projectConfigSchema, userConfigSchema } from '#prompd/config/schema.js';
import { tempDir } from '../support/temp.js';

const FILE = fileURLToPath(new URL('../../../docs/configuration.md', import.meta.url));

test('docs/configuration.md lists every setting, and whether a project may use it', async t => {
  const flat = ({ shape }: typeof userConfigSchema | typeof projectConfigSchema) =>
    Object.keys(shape)
      .flatMap(key =>
        key === 'network'
          ? Object.keys(shape.network.unwrap().shape).map(inner => `network.${inner}`)
          : [key],
      )
      .sort();
  const rows = await settings();
  t.deepEqual(rows.map(([key]) => key ?? '').sort(), flat(userConfigSchema));
  t.deepEqual(
    rows
      .filter(([, , , project]) => project !== 'no')
      .map(([key]) => key ?? '')
      .sort(),
    flat(projectConfigSchema),
  );
});

test('docs/configuration.md says the defaults that are used', async t => {
  const dir = tempDir(t);
  const { registries, credentialStore, network, resolution, transparency } = await loadConfig({
    cwd: dir,
    env: { PROMPD_HOME: dir },
    flags: {},
  });
  const used: Record<string, string> = {
    registry: registries.get('default')?.url ?? '',
    credentialStore,
    resolution: resolution.strategy,
    conflicts: resolution.conflicts,
    transparency,
    ...Object.fromEntries(Object.entries(network).map(([key, value]) => [`network.${key}`, String(value)])),
  };
  for (const [key = '', , standard = ''] of await settings()) {
    if (standard !== '') t.is(standard.replaceAll('`', ''), used[key] ?? '', key);
  }
});

/** Rows of the table of settings: key, value, default, project. */
async function settings(): Promise<string[][]> {
  const [, section = ''] = (await readFile(FILE, 'utf8')).split('## Settings');
  const rows = (section.split('\n## ')[0] ?? '').split('\n').filter(line => line.startsWith('| `'));
  return rows.map(row =>
    row
      .slice(1, -1)
      .split('|')
      .map((cell, index) => (index === 0 ? cell.replaceAll('`', '') : cell).trim()),
  );
}
