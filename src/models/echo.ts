import { countTokens } from './count-tokens.js';
import type { ChatMessage, Endpoint, ModelRequest, TokenUsage } from './model.js';

/** A provider that asks nobody: it answers with the messages it was sent, always in the same form. */
export const ECHO: Endpoint = {
  async ask({ messages, model }, { signal, onText }) {
    signal.throwIfAborted();
    const text = echoText(messages);
    if (onText) for (const line of text.split(/(?<=\n)/)) onText(line);
    return { text, usage: estimateUsage({ messages }, text), finishReason: 'stop', model, warnings: [] };
  },
};

/** Each message below a line with its role, one blank line apart. */
export function echoText(messages: readonly ChatMessage[]): string {
  return messages.map(({ role, content }) => `--- ${role} ---\n${content}`).join('\n\n');
}

/** Usage by the simple count, where no provider reports any. */
export function estimateUsage({ messages }: Pick<ModelRequest, 'messages'>, text: string): TokenUsage {
  const inputTokens = messages.reduce((sum, { content }) => sum + countTokens(content), 0);
  const outputTokens = countTokens(text);
  return { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens, estimated: true };
}
