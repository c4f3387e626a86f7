import { listProject, listStore } from '../ops/install/list.js';
import { projectListText, storeListText } from '../output/list.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs
      .option('installed', { type: 'boolean', default: false, describe: 'Everything in the store' })
      .option('global', {
        alias: 'g',
        type: 'boolean',
        default: false,
        describe: 'The packages for use anywhere',
      }),
  async run(args, context) {
    if (args.installed) {
      const packages = await listStore(context);
      return { value: packages, text: style => storeListText(packages, style) };
    }
    const list = await listProject(context, { global: args.global });
    return { value: list, text: style => projectListText(list, style) };
  },
});
