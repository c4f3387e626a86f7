import { AUDIT_SEVERITIES } from '../core/audit-severity.js';
import { publishAdvisory } from '../ops/registry/advisory.js';
import { advisoryText } from '../output/advisory.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs
      .positional('package', {
        type: 'string',
        describe: 'Its name; that of the prompd.json here by default',
      })
      .option('vulnerable', {
        type: 'string',
        demandOption: true,
        describe: 'Range of the versions that it is about',
      })
      .option('severity', { choices: AUDIT_SEVERITIES, demandOption: true, describe: 'How bad it is' })
      .option('title', { type: 'string', demandOption: true, describe: 'What is wrong, in one line' })
      .option('text', { type: 'string', describe: 'More about it, in Markdown' })
      .option('patched', { type: 'string', describe: 'Range of the versions that are mended' })
      .option('url', { type: 'string', describe: 'Where people read about it' }),
  async run({ package: spec, vulnerable, severity, title, text, patched, url }, context) {
    const draft = { vulnerable, severity, title, text, patched, url };
    const result = await publishAdvisory(context, spec, draft);
    return { value: result, text: style => advisoryText(result, style) };
  },
});
