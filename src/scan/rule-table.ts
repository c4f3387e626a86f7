import type { FileRule, RuleDescription, TextOrigin, TextRule } from './rule.js';
import { encodedBlob } from './rules/encoded-blob.js';
import { executableFile } from './rules/executable-file.js';
import { hiddenUnicode } from './rules/hidden-unicode.js';
import { highEntropy } from './rules/high-entropy.js';
import { hostOverride } from './rules/host-override.js';
import { mixedScript } from './rules/mixed-script.js';
import { oversizedFile } from './rules/oversized-file.js';
import { personaSwitch } from './rules/persona-switch.js';
import { remoteTemplateUrl } from './rules/remote-template-url.js';
import { roleTag } from './rules/role-tag.js';
import { secret } from './rules/secret.js';
import { secretAssignment } from './rules/secret-assignment.js';
import { unrenderedPrompt } from './rules/unrendered-prompt.js';

/** Rules for what a text says, in whatever form it was written. */
const CONTENT_RULES: readonly TextRule[] = [
  secret,
  secretAssignment,
  hiddenUnicode,
  hostOverride,
  roleTag,
  personaSwitch,
  remoteTemplateUrl,
];

/** Rules by how a text came to be looked at: how it was written matters only in the source. */
export const TEXT_RULES: Readonly<Record<TextOrigin, readonly TextRule[]>> = {
  source: [...CONTENT_RULES, highEntropy, mixedScript, encodedBlob],
  decoded: CONTENT_RULES,
  rendered: CONTENT_RULES,
};

/** Rules for the names of files, which people read and copy. */
export const NAME_RULES: readonly TextRule[] = [secret, hiddenUnicode, mixedScript];

export const FILE_RULES: readonly FileRule[] = [executableFile, oversizedFile];

/** Every rule there is, by id. */
export const RULES: readonly RuleDescription[] = [...TEXT_RULES.source, ...FILE_RULES, unrenderedPrompt]
  .map(({ id, title, help, levels }) => ({ id, title, help, levels }))
  .sort((a, b) => (a.id < b.id ? -1 : 1));
