import type { Entry } from './command-entry.js';
import { GOVERNANCE_COMMANDS } from './governance-commands.js';
import { PROJECT_COMMANDS } from './project-commands.js';
import { PROMPT_COMMANDS } from './prompts-commands.js';
import { PUBLISHING_COMMANDS } from './publishing-commands.js';
import { SETTINGS_COMMANDS } from './settings-commands.js';

/** Every command, in the order of the help. */
export const COMMANDS: readonly Entry[] = [
  ...PROJECT_COMMANDS,
  ...PROMPT_COMMANDS,
  ...PUBLISHING_COMMANDS,
  ...GOVERNANCE_COMMANDS,
  ...SETTINGS_COMMANDS,
];
