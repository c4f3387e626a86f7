import { dependencyTree } from '../ops/install/tree.js';
import { treeText } from '../output/tree.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs.option('global', {
      alias: 'g',
      type: 'boolean',
      default: false,
      describe: 'Of the packages for use anywhere',
    }),
  async run(args, context) {
    const tree = await dependencyTree(context, { global: args.global });
    return { value: tree, text: style => treeText(tree, style) };
  },
});
