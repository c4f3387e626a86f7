import { versions } from 'node:process';
import { EXIT } from '../core/exit-codes.js';
import { doctor } from '../ops/doctor/doctor.js';
import { diagnosisText } from '../output/doctor.js';
import { defineCommand } from './command.js';

export default defineCommand({
  toleratesBadConfig: true,
  options: yargs => yargs.option('offline', { type: 'boolean', default: false, describe: 'Ask no registry' }),
  async run({ offline, registry }, context) {
    const use = offline ? 'never' : undefined;
    const diagnosis = await doctor(context, { nodeVersion: versions.node, registry, use });
    return {
      value: diagnosis,
      text: style => diagnosisText(diagnosis, style),
      exitCode: diagnosis.ok ? EXIT.ok : EXIT.general,
    };
  },
});
