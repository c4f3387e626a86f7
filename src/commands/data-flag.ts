import type { Options } from 'yargs';

/** The flag that names the data of a registry. */
export const DATA_FLAG = {
  type: 'string',
  requiresArg: true,
  describe:
    'Folder of the data of the registry; PROMPD_DATA, or "registry" in your prompd folder, by default',
} as const satisfies Options;
