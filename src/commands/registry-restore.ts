import { restoreRegistry } from '../ops/registry/registry-backup.js';
import { backupText } from '../output/registry-server.js';
import { defineCommand } from './command.js';
import { DATA_FLAG } from './data-flag.js';

export default defineCommand({
  options: yargs =>
    yargs
      .positional('file', { type: 'string', demandOption: true, describe: 'A backup' })
      .option('data', DATA_FLAG),
  async run({ file, data }, context) {
    const backup = await restoreRegistry(context, { file, data });
    return { value: backup, text: style => backupText('Restored', backup, style) };
  },
});
