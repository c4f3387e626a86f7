import type { Match, TextFile, TextRule } from '../rule.js';
import { surroundingsOf } from '../surroundings.js';

const SWITCH =
  /\b(you\s{1,9}are\s{1,9}now|from\s{1,9}now\s{1,9}on,?\s{1,9}you\s{1,9}(?:are|will|must)|pretend\s{1,9}(?:to\s{1,9}be|that\s{1,9}you\s{1,9}are|you\s{1,9}are)|act\s{1,9}as\s{1,9}if\s{1,9}you\s{1,9}(?:are|were|have))\b[^.!?\n]{0,60}/gi;

/** A role given by a file that is no prompt. Prompts give roles: there it is what they are for. */
export const personaSwitch: TextRule = {
  id: 'persona-switch',
  title: 'A role given outside of a prompt',
  help: 'A file that is material for a prompt tells the model to be somebody else. In a prompt such sentences are in their place; in a document that a prompt includes they are how injected instructions begin.',
  levels: ['low', 'critical'],
  *checkText(file: TextFile): Generator<Match> {
    if (file.isPrompt && file.origin !== 'decoded') return;
    for (const { 0: found, 1: start = '', index } of file.text.matchAll(SWITCH)) {
      const isHidden = file.origin === 'decoded';
      if (!isHidden && surroundingsOf(file, { start: index, end: index + start.length }) !== 'plain')
        continue;
      yield {
        level: isHidden ? 'critical' : 'low',
        message: `The text gives the model another role: "${found.replace(/\s+/g, ' ').trim().slice(0, 80)}".`,
        hint: 'Roles belong into a prompt; take the sentence out of what prompts include.',
        index,
        length: start.length,
      };
    }
  },
};
