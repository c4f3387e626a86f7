import { defineCommand } from './command.js';

export default defineCommand({
  toleratesBadConfig: true,
  options: yargs =>
    yargs.option('stdio', {
      type: 'boolean',
      default: true,
      describe: 'Speak over stdin and stdout, which is the only way there is; editors add it',
    }),
  async run(_args, context) {
    const { serveLanguage } = await import('../lsp/language-server.js');
    return { value: {}, text: () => '', ended: serveLanguage(context) };
  },
});
