import { exportRegistry } from '../ops/registry/registry-export.js';
import { exportText } from '../output/registry-export.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs
      .positional('dir', { type: 'string', demandOption: true, describe: 'Folder to write' })
      .positional('packages', {
        type: 'string',
        array: true,
        default: [],
        describe: 'Packages to export, with what they depend on; all of the registry by default',
      })
      .option('key', {
        type: 'string',
        requiresArg: true,
        describe: 'File of the Ed25519 key to sign with; one in your prompd folder by default',
      }),
  async run({ dir, packages, key }, context) {
    const result = await exportRegistry(context, { dir, names: packages, key });
    return { value: result, text: style => exportText(result, style) };
  },
});
