import type { Message } from '../prompt/index.js';

/** Messages as people read them, each below a heading with its role. The texts are exactly what was rendered. */
export function messagesText(messages: readonly Message[]): string {
  return messages.map(({ role, content }) => `--- ${role} ---\n${content}\n`).join('\n');
}
