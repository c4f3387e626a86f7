import { addTrust } from '../ops/registry/trust.js';
import { addedTrustText } from '../output/trust.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs
      .positional('place', {
        type: 'string',
        demandOption: true,
        describe: 'A package, or a project such as @bank',
      })
      .option('repository', {
        type: 'string',
        requiresArg: true,
        demandOption: true,
        describe: 'Whose workflow it is, as owner/name',
      })
      .option('workflow', {
        type: 'string',
        requiresArg: true,
        demandOption: true,
        describe: 'Its file in .github/workflows, as release.yml',
      })
      .option('environment', {
        type: 'string',
        requiresArg: true,
        describe: 'The environment that its job must run in',
      })
      .option('ref', {
        type: 'string',
        requiresArg: true,
        describe: 'The branch or tag that it must run for, as refs/heads/main',
      })
      .option('issuer', {
        type: 'string',
        requiresArg: true,
        describe: 'Who signs for it; GitHub Actions by default',
      }),
  async run({ place, repository, workflow, environment, ref, issuer }, context) {
    const added = await addTrust(context, place, { repository, workflow, environment, ref, issuer });
    return { value: added, text: style => addedTrustText(added, style) };
  },
});
