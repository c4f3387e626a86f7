import type { Entry } from './command-entry.js';

/** Evidence, approvals, channels. */
export const GOVERNANCE_COMMANDS: readonly Entry[] = [
  {
    usage: 'feat',
    summary: 'Keep evidence for the principles of fairness, ethics, accountability and transparency',
    entries: [
      {
        usage: 'init [target]',
        summary: 'Begin the feat block of a package',
        load: () => import('../commands/feat-init.js'),
      },
      {
        usage: 'check [target]',
        summary: 'Say what the tier of a package asks for and its feat block does not have',
        load: () => import('../commands/feat-check.js'),
      },
      {
        usage: 'report [target]',
        summary: 'Print what supports evidence for FEAT in a version, principle by principle',
        load: () => import('../commands/feat-report.js'),
      },
    ],
  },
];
