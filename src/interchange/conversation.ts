import type { DraftMessage, PromptDraft } from './model.js';
import type { NoteTaker } from './note.js';

/** The messages that a prompt can have, by section. Templates; absent where there is none. */
export interface Sections {
  readonly system?: string;
  readonly context?: string;
  readonly user?: string;
  /** Examples of answers, each a message of its own, behind the user's. */
  readonly assistant: readonly string[];
}

/**
 * Arranges a conversation as a prompt has it: one system message, one of the user, then answers. Earlier turns of a
 * longer conversation become a transcript in the context, which renders as a part of the system message.
 */
export function arrange({ messages }: Pick<PromptDraft, 'messages'>, note: NoteTaker): Sections {
  const said = messages.filter(({ template }) => template.trim() !== '');
  const system = said.filter(({ role }) => role === 'system');
  const talk = said.filter(({ role }) => role !== 'system');
  const late = system.find(message => said.indexOf(message) >= system.length);
  if (late) {
    note('system message', 'It stands behind other messages; a prompt has its system message in front.', {
      line: late.line,
    });
  }
  if (system.length > 1) {
    note('system messages', `There are ${system.length}; they became one, with a blank line between them.`, {
      ...(system[1] ? { line: system[1].line } : {}),
    });
  }
  const lastUser = talk.findLastIndex(({ role }) => role === 'user');
  const turns = lastUser === -1 ? [] : talk.slice(0, lastUser);
  const user = lastUser === -1 ? [] : talk.slice(lastUser, lastUser + 1);
  const onlyUsers = turns.every(({ role }) => role === 'user');
  if (onlyUsers && turns.length > 0) {
    note(
      'user messages',
      `There are ${turns.length + 1} in a row; they became one, with a blank line between them.`,
      {
        ...(user[0] ? { line: user[0].line } : {}),
      },
    );
  } else if (turns.length > 0) {
    note(
      'earlier turns',
      `The ${turns.length} messages before the user's last one became a transcript in the context section.`,
      {
        ...(turns[0] ? { line: turns[0].line } : {}),
        hint: 'A prompt has one user message; answers that follow it are kept as messages.',
      },
    );
  }
  const together = onlyUsers ? [...turns, ...user] : user;
  return {
    ...(system.length > 0 ? { system: joined(system) } : {}),
    ...(onlyUsers ? {} : { context: transcript(turns) }),
    ...(together.length > 0 ? { user: joined(together) } : {}),
    assistant: talk.slice(lastUser + 1).map(({ template }) => template),
  };
}

function joined(messages: readonly DraftMessage[]): string {
  return messages.map(({ template }) => template).join('\n\n');
}

function transcript(turns: readonly DraftMessage[]): string {
  const lines = turns.map(({ role, template }) => `${role === 'user' ? 'User' : 'Assistant'}: ${template}`);
  return ['The conversation so far:', ...lines].join('\n\n');
}
