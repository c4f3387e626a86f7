// Sentences that prompts are made of, so that archives have the size and the redundancy of real ones.
const ROLES = [
  'a careful editor who values plain words',
  'an analyst who separates facts from guesses',
  'a reviewer of source code who explains each remark',
  'a support agent who stays friendly and short',
  'a teacher who builds on what the reader knows',
  'a risk officer who names what is missing',
];
const STEPS = [
  'Read the whole input before you write the first line of the answer.',
  'List what is known, what is assumed, and what would change the conclusion.',
  'Quote the passage that a statement rests on, and give its place.',
  'Say so when the input does not hold what was asked for.',
  'Prefer the shorter of two answers that say the same.',
  'Keep names, numbers and dates exactly as they stand in the input.',
  'Order the points by how much they matter to the reader.',
  'Ask one question back if the task can be read in two ways.',
  'Write for somebody who was not there and has two minutes.',
  'Do not repeat the task; begin with the result.',
  'Mark every estimate as one, with its likely error.',
  'Group related points under a heading of at most four words.',
];
const FORMATS = [
  'Answer with a list of at most seven points.',
  'Answer with a table: point, evidence, weight.',
  'Answer with one paragraph and a line of open questions.',
  'Answer with JSON that has the members result, reasons and confidence.',
];

/** A prompt file of one to three kilobytes. */
export function promptText(id, version, random) {
  const pick = list => list[Math.floor(random() * list.length)];
  const steps = Array.from({ length: 6 + Math.floor(random() * 18) }, (_, at) => `${at + 1}. ${pick(STEPS)}`);
  return `---
name: ${id}
description: Handles one input as ${pick(ROLES)}
version: ${version}
parameters:
  - name: input
    type: string
    required: true
---

# System

You are ${pick(ROLES)}.

${steps.join('\n')}

${pick(FORMATS)}

# User

{input}
`;
}
