import { makeFeatReport, REPORT_FORMATS } from '../ops/feat/feat-report.js';
import { printable } from '../output/error.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs
      .positional('target', {
        type: 'string',
        default: '.',
        describe: 'Folder of a package, or a version at its registry as @org/package@1.2.0',
      })
      .option('format', { choices: REPORT_FORMATS, default: 'markdown' as const, describe: 'What to write' })
      .option('output', {
        alias: 'o',
        type: 'string',
        requiresArg: true,
        describe: 'File to write to; stdout by default',
      }),
  async run({ target, format, output }, context) {
    const { text, report } = await makeFeatReport(context, { target, format, output });
    return {
      value: report,
      text: (style, terminal) => {
        if (output !== undefined) return `${style.good('wrote')} ${printable(output)}`;
        return terminal ? printable(text) : text;
      },
    };
  },
});
