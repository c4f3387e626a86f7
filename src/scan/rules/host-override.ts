import type { Match, TextFile, TextRule } from '../rule.js';

/** Sentences that try to replace the instructions of whoever runs the prompt. Gaps between words are bounded. */
const PATTERNS: readonly RegExp[] = [
  /\b(?:ignore|disregard|forget|override|bypass|discard)\s{1,9}(?:(?:all|any|every|each|of|the|your|my|these|those|other|everything|in|and)\s{1,9}){0,5}(?:previous|prior|above|earlier|preceding|foregoing|existing|original|initial|system|developer|safety)\s{1,9}(?:(?:and|or|system|developer|safety|security|user|given|stated)\s{1,9}){0,3}(?:instruction|prompt|rule|direction|directive|guideline|guardrail|message|command|context|constraint|restriction|polic)[a-z]{0,4}/gi,
  /\b(?:ignore|disregard|forget)\s{1,9}(?:everything|all|anything)\s{1,9}(?:(?:that|which|you|was|were|have|has|been|i|we)\s{1,9}){0,5}(?:above|before|said|told|instructed)\b/gi,
  /\b(?:do|must|should|shall)\s{0,3}(?:not|n't|n’t)\s{1,9}(?:tell|inform|reveal\s{1,9}this\s{1,9}to|mention\s{1,9}this\s{1,9}to|alert|notify)\s{1,9}the\s{1,9}(?:user|operator|developer|human)\b/gi,
  /\b(?:reveal|print|repeat|output|disclose|leak|show)\s{1,9}(?:(?:me|us|all|of|the|your|full|entire|hidden|exact|verbatim)\s{1,9}){0,5}system\s{1,9}(?:prompt|message|instructions?)\b/gi,
  /\byou\s{1,9}are\s{1,9}(?:now\s{1,9}|no\s{1,9}longer\s{1,9}){1,2}(?:in\s{1,9}(?:developer|debug|god|admin|jailbreak)\s{1,9}mode|DAN\b|bound\s{1,9}by|restricted\s{1,9}by|unrestricted)/gi,
  /(?:忽略|无视|忘记)(?:所有|之前|以上|先前|上面|前面|的|你){1,6}(?:指令|指示|提示|规则)/g,
  /\bignor(?:iere|ez|a|e)\s{1,9}(?:alle|toutes|todas|tutte|les|las|le)\s{1,9}(?:(?:les|las|le)\s{1,9})?(?:vorherigen|bisherigen|instructions|instrucciones|istruzioni|anweisungen)/gi,
];

/** Text that speaks to the model over the head of the host that runs the prompt. */
export const hostOverride: TextRule = {
  id: 'host-override',
  *checkText(file: TextFile): Generator<Match> {
    for (const pattern of PATTERNS) {
      for (const { 0: found, index } of file.text.matchAll(pattern)) {
        yield {
          severity: 'warning',
          message: `The text tries to override the host's instructions: "${found.replace(/\s+/g, ' ').slice(0, 80)}".`,
          hint: 'Where it is quoted as an example of an attack, say so in the text; otherwise take it out.',
          index,
        };
      }
    }
  },
};
