import type { TestFn } from 'ava';
import type { RegistryOptions } from '#server/main.js';
import { registryDatabase, startPostgres } from '../support/postgres.js';
import { startTestRegistry, type TestRegistry } from '../support/registry.js';
import { type Teardown, tempDir } from '../support/temp.js';

/** A kind of database that the registry's contract holds on. */
export interface TestDatabase {
  readonly name: 'embedded' | 'postgresql';
  /** Starts a registry on an empty database of this kind. */
  start(t: Teardown, options?: Partial<RegistryOptions>): Promise<TestRegistry>;
}

export interface TestRegistries extends TestDatabase {
  /** One registry for all tests of a file, which keep apart by the names of their packages. */
  readonly registry: TestRegistry;
}

/** A running registry on every kind of database that this machine has, for all tests of one file. */
export async function testRegistries(test: TestFn): Promise<readonly TestRegistries[]> {
  const undo: Array<() => void | Promise<void>> = [];
  const scope: Teardown = { teardown: step => undo.unshift(step) };
  const postgres = await startPostgres();
  if (postgres) scope.teardown(() => postgres.stop());
  const databases: TestDatabase[] = [
    {
      name: 'embedded',
      start: async (t, options) => startTestRegistry(t, { dataDir: tempDir(t), ...options }),
    },
  ];
  if (postgres) {
    databases.push({
      name: 'postgresql',
      // All tests of a file run at once: on a busy machine they would wait too long for a connection.
      start: async (t, options) =>
        startTestRegistry(t, {
          connections: 30,
          ...options,
          databaseUrl: (await registryDatabase(t)) ?? (await postgres.freshDatabase()),
        }),
    });
  }
  const running = await Promise.all(
    databases.map(async database => ({ ...database, registry: await database.start(scope) })),
  );
  // Last, as all tests and hooks of a file must be declared in one go.
  test.after.always('the registries stop', async () => {
    for (const step of undo) await step();
  });
  return running;
}
