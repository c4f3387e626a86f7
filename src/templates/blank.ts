import { defineTemplate } from './template.js';

/** The least that a package needs. */
export const blank = defineTemplate({
  kind: 'blank',
  summary: 'the least that a package needs: one prompt with one parameter',
  description: 'A prompt package.',
  category: 'general',
  keywords: ['prompt'],
  prompt: 'main',
  source: `---
name: main
version: 0.1.0
description: Answers one question.
parameters:
  - name: question
    type: string
    required: true
    minLength: 1
    description: What to answer.
    example: How long does a full charge take?
---
# System

You answer questions in at most three sentences. When you do not know, say so.

# User

{{ question }}
`,
  tests: [
    {
      name: 'answers briefly',
      prompt: 'main',
      parameters: { question: 'How many minutes are there in a day?' },
      assert: [
        { type: 'regex', value: '1[,.]?440' },
        { type: 'max-tokens', value: 80 },
      ],
    },
  ],
  usage: '-p question="How long does a full charge take?"',
  advice: `1. Say in \`# System\` who answers, by which rules, and what to do when something is missing.
2. Declare every value that changes as a parameter, with an example.
3. Put text that others wrote between tags, and say that it is data.`,
});
