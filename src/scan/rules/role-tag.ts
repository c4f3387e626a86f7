import type { AuditSeverity } from '../../core/audit-severity.js';
import type { Match, TextFile, TextRule } from '../rule.js';
import { surroundingsOf } from '../surroundings.js';

/** Marks by which the formats of chat models begin and end turns. Text that holds them can pose as another speaker. */
const TAGS: readonly RegExp[] = [
  /<\|(?:im_start|im_end|im_sep|system|user|assistant|endoftext|eot_id|begin_of_text|end_of_text|start_header_id|end_header_id|start_of_role|end_of_role|channel|message|end|return)\|>/gi,
  /\[\/?INST\]|<<\/?SYS>>|\[(?:SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_RESULTS)\]/g,
  /<(?:start|end)_of_turn>(?:model|user|system)?/gi,
  /<｜(?:User|Assistant|begin▁of▁sentence|end▁of▁sentence)｜>/g,
  /^(?:#{1,6} ?)?(?:Human|Assistant|SYSTEM OVERRIDE|System Override|ADMIN|SYSTEM): ?(?=(?:you|ignore|disregard|new|from now|the previous)\b)/gm,
];

/** What each of the tags has; most texts have none of it, and are read once. */
const ANY_TAG = /<[|｜<se]|\[\/?[A-Z]|(?:Human|Assistant|SYSTEM|Override|ADMIN):/i;

/** Text that ends its own turn and begins one of the system, the host or the model. */
export const roleTag: TextRule = {
  id: 'role-tag',
  title: 'A tag that begins another turn',
  help: 'Chat formats mark whose turn it is with tags such as <|im_start|>. In the text of a prompt they let it speak as the system or the model. Use the sections of the format; write tags that are only spoken of as code.',
  levels: ['info', 'low', 'high', 'critical'],
  *checkText(file: TextFile): Generator<Match> {
    for (const pattern of ANY_TAG.test(file.text) ? TAGS : []) {
      for (const { 0: found, index } of file.text.matchAll(pattern)) {
        yield {
          level: levelOf(file, index, index + found.length),
          message: `The text begins or ends a turn of its own: "${found.trim()}".`,
          hint: 'Use the sections of the prompt for roles; where the tag is spoken of, write it as code.',
          index,
        };
      }
    }
  },
};

function levelOf(file: TextFile, start: number, end: number): AuditSeverity {
  if (file.origin === 'decoded') return 'critical';
  const around = surroundingsOf(file, { start, end });
  if (around === 'manifest') return 'info';
  return around === 'plain' || around === 'hidden comment' ? 'high' : 'low';
}
