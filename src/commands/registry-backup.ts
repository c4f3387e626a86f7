import { backupRegistry } from '../ops/registry/registry-backup.js';
import { backupText } from '../output/registry-server.js';
import { defineCommand } from './command.js';
import { DATA_FLAG } from './data-flag.js';

export default defineCommand({
  options: yargs =>
    yargs
      .positional('file', {
        type: 'string',
        demandOption: true,
        describe: 'File to write; it must not exist',
      })
      .option('data', DATA_FLAG),
  async run({ file, data }, context) {
    const backup = await backupRegistry(context, { file, data });
    if (backup.keys > 0) {
      context.progress.warn('The backup holds private keys: keep it where only you can read it.');
    }
    return { value: backup, text: style => backupText('Saved', backup, style) };
  },
});
