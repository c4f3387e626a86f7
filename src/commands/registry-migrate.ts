import { migrateRegistry } from '../ops/registry/registry-tables.js';
import { migratedText } from '../output/registry-server.js';
import { defineCommand } from './command.js';
import { DATA_FLAG } from './data-flag.js';

export default defineCommand({
  options: yargs => yargs.option('data', DATA_FLAG),
  async run({ data }, context) {
    const migrated = await migrateRegistry(context, { data });
    return { value: migrated, text: style => migratedText(migrated, style) };
  },
});
