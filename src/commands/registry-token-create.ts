import { createRegistryToken } from '../ops/registry/registry-server.js';
import { tokenText } from '../output/registry-server.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs
      .option('name', {
        type: 'string',
        requiresArg: true,
        demandOption: true,
        describe: 'Tells the tokens of a user apart',
      })
      .option('user', {
        type: 'string',
        requiresArg: true,
        describe: 'Whose it is, and who owns what it publishes; the name by default',
      })
      .option('scopes', {
        type: 'string',
        requiresArg: true,
        default: 'read,publish',
        describe: 'What it may do: read, publish, admin, separated by commas',
      })
      .option('data', {
        type: 'string',
        requiresArg: true,
        describe:
          'Folder of the data of the registry; PROMPD_DATA, or "registry" in your prompd folder, by default',
      }),
  async run({ name, user, scopes, data }, context) {
    const created = await createRegistryToken(context, { name, user, scopes, data });
    context.progress.info('Keep this token: it is shown this once only.');
    return { value: created, text: () => tokenText(created) };
  },
});
