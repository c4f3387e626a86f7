import { splitByHeadings, trimBlank } from './markdown.js';
import type { MessageRole, WrittenFile } from './model.js';
import type { NoteTaker } from './note.js';

/** A message whose text is final. */
export interface WrittenMessage {
  readonly role: MessageRole;
  readonly content: string;
}

const ROLES: readonly MessageRole[] = ['system', 'user', 'assistant'];

/** Messages as one Markdown file: a user message alone as it is, several under headings of their roles. */
export function writeMarkdown(messages: readonly WrittenMessage[], note: NoteTaker): string {
  const [only] = messages;
  const text =
    messages.length === 1 && only?.role === 'user'
      ? `${only.content}\n`
      : messages
          .map(({ role, content }) => `# ${role[0]?.toUpperCase()}${role.slice(1)}\n\n${content}\n`)
          .join('\n');
  const back = splitByHeadings(text, 1, 'user').map(part => [part.role, trimBlank(part.text)]);
  if (
    JSON.stringify(back) !== JSON.stringify(messages.map(({ role, content }) => [role, trimBlank(content)]))
  ) {
    note(
      'messages',
      'Where one ends cannot be told: a text has a heading like theirs, or a code fence that stays open.',
    );
  }
  return asBody(text);
}

/** Messages as a folder with a file for each role: `system.md`, `user.md`, `assistant.md`. */
export function writeMarkdownFolder(messages: readonly WrittenMessage[], note: NoteTaker): WrittenFile[] {
  if (messages.every(({ role }) => role === 'assistant')) {
    note('messages', 'A folder is known for a prompt by its system.md or user.md, and this one has neither.');
  }
  return ROLES.flatMap(role => {
    const said = messages.filter(message => message.role === role);
    if (said.length === 0) return [];
    if (said.length > 1) {
      note(`${role} messages`, `There are ${said.length}; they became one, with a blank line between them.`);
    }
    const text = said.map(({ content }) => content).join('\n\n');
    if (splitByHeadings(text, 1, role).some(part => part.text !== text)) {
      note(`${role}.md`, 'The text has a heading like those of messages; an import divides it there.');
    }
    return [{ path: `${role}.md`, text: asBody(`${text}\n`) }];
  });
}

/** A text that begins as front matter does stands behind an empty one, so that it is read as text. */
function asBody(text: string): string {
  return /^(?:[ \t]*\n)*---[ \t]*\n/.test(text) ? `---\n---\n${text}` : text;
}
