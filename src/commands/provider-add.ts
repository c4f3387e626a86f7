import { PROVIDER_KINDS } from '../config/config.js';
import { addProvider } from '../ops/models/providers.js';
import { providerText } from '../output/provider.js';
import { defineCommand } from './command.js';

export default defineCommand({
  repeatable: ['header'],
  options: yargs =>
    yargs
      .positional('name', {
        type: 'string',
        demandOption: true,
        describe: 'Name to call it by: lowercase letters, digits and "-"',
      })
      .option('kind', { choices: PROVIDER_KINDS, describe: 'The protocol that it speaks' })
      .option('base-url', {
        type: 'string',
        requiresArg: true,
        describe: 'Its address, as in https://models.example.com/v1',
      })
      .option('model', { type: 'string', requiresArg: true, describe: 'Model to ask unless told otherwise' })
      .option('header', {
        type: 'string',
        array: true,
        default: [],
        defaultDescription: 'none',
        describe: 'name=value, sent with every request; repeatable',
      })
      .option('key-stdin', {
        type: 'boolean',
        default: false,
        describe: 'Read the API key from standard input and keep it in the credential store',
      }),
  async run(args, context) {
    const { name, kind, model, header } = args;
    const options = {
      ...{ name, kind, model, headers: header },
      baseUrl: args['base-url'],
      keyFromStdin: args['key-stdin'],
    };
    const provider = await addProvider(context, options);
    return { value: provider, text: style => providerText(provider, style) };
  },
});
