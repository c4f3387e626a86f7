import { archiveAudit } from '../ops/registry/registry-tables.js';
import { archivedAuditText } from '../output/registry-server.js';
import { defineCommand } from './command.js';
import { DATA_FLAG } from './data-flag.js';

export default defineCommand({
  options: yargs =>
    yargs
      .positional('file', {
        type: 'string',
        demandOption: true,
        describe: 'File to write the rows to; it must not exist',
      })
      .positional('project', {
        type: 'string',
        describe: 'Its scope; the chain of what belongs to no project by default',
      })
      .option('before', {
        type: 'string',
        requiresArg: true,
        demandOption: true,
        describe: 'A date or time: rows that are older go',
      })
      .option('data', DATA_FLAG),
  async run({ file, project, before, data }, context) {
    const archived = await archiveAudit(context, { file, project, before, data });
    context.progress.info('Keep the file: the registry does not have these rows any more.');
    return { value: archived, text: style => archivedAuditText(archived, style) };
  },
});
