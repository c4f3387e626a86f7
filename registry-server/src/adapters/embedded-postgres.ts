import { PGlite } from '@electric-sql/pglite';

/** Write-ahead segments of 1 MB: with the usual 16 MB a new folder would weigh twice as much. */
const INITDB = ['--wal-segsize=1'];

/**
 * Instead of the usual 128 MB, which the process would have to fill with zeros at each start, and keep: the files lie
 * in the operating system's cache as well.
 */
const MEMORY = 'shared_buffers=32MB';

/**
 * Starts PostgreSQL on a folder, where it makes an empty database when there is none.
 * @param parameters of PostgreSQL, as `name=value`
 */
export function startPostgres(folder: string, parameters: readonly string[] = []): Promise<PGlite> {
  return PGlite.create({
    dataDir: folder,
    initDbStartParams: INITDB,
    startParams: [
      ...PGlite.defaultStartParams,
      ...[MEMORY, ...parameters].flatMap(parameter => ['-c', parameter]),
    ],
    relaxedDurability: false,
  });
}
