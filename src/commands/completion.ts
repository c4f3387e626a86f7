import { completionScript, INSTALLATION, SHELLS } from '../ops/settings/completion-script.js';
import { installationText } from '../output/completion.js';
import { defineCommand } from './command.js';

export default defineCommand({
  toleratesBadConfig: true,
  options: yargs =>
    yargs.positional('shell', {
      choices: SHELLS,
      describe: 'Print its script; without a shell, print what to run',
    }),
  async run({ shell }) {
    if (shell === undefined) {
      return { value: { install: INSTALLATION }, text: () => installationText(INSTALLATION) };
    }
    const result = await completionScript(shell);
    return { value: result, text: () => result.script };
  },
});
