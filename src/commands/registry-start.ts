import { startRegistryServer } from '../ops/registry/registry-server.js';
import { startedText } from '../output/registry-server.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs
      .option('port', { type: 'number', requiresArg: true, describe: 'Where to listen; 0 takes a free port' })
      .option('host', { type: 'string', requiresArg: true, describe: 'Address to listen at' })
      .option('data', {
        type: 'string',
        requiresArg: true,
        describe: 'Folder of its data; PROMPD_DATA, or "registry" in your prompd folder, by default',
      })
      .option('uplinks', {
        type: 'string',
        requiresArg: true,
        describe: 'File that names the registries to mirror; PROMPD_UPLINKS by default',
      })
      .option('models', {
        type: 'string',
        requiresArg: true,
        describe: 'File that names the models to run tests with; PROMPD_MODELS by default',
      }),
  async run({ port, host, data, uplinks, models }, context) {
    const { url, dataDir, stopped } = await startRegistryServer(context, {
      port,
      host,
      data,
      uplinks,
      models,
    });
    return { value: { url, dataDir }, text: style => startedText(url, style), ended: stopped };
  },
});
