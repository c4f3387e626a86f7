import type { RuleDescription } from '../rule.js';

/** A prompt that takes so much work to render that what it says is only known to who uses it. */
export const unrenderedPrompt: RuleDescription = {
  id: 'unrendered-prompt',
  title: 'A prompt that could not be rendered',
  help: 'Rendering the prompt takes more work than a scan does, so what its template puts together was not looked at. Shorten its loops, or pass what they make as a parameter.',
  levels: ['moderate'],
};
