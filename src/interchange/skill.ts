import { stringify } from 'yaml';
import { literalTemplate } from './literal.js';
import { fieldsOf, firstTextLine, trimBlank } from './markdown.js';
import type { ForeignFile, PromptDraft, ReadOptions } from './model.js';
import { promptId } from './name.js';
import { type NoteTaker, notesOn } from './note.js';
import { readFrontMatter, unreadable } from './structured-text.js';

const PASSED_OVER: Readonly<Record<string, string>> = {
  'allowed-tools': 'Prompts call no tools; whoever runs the prompt grants them.',
  compatibility: 'A prompt names no environment that it needs; it is left out.',
  metadata: 'A prompt has no free metadata; it is left out.',
  model: 'It may be a word of the agent that loads the skill, such as "inherit", so it is left out.',
};

/**
 * Reads the SKILL.md of an agent skill: its instructions become the system message, braces are text.
 * @see https://agentskills.io/specification
 * @throws PrompdError EIMPORT when it has no front matter or no instructions
 */
export function readSkill(file: ForeignFile, options: ReadOptions): PromptDraft {
  const note = notesOn(file.path, options.note);
  const front = readFrontMatter(file.text, file.path);
  if (!front)
    throw unreadable(file.path, 'a skill begins with front matter that has a name and a description');
  const body = trimBlank(front.body);
  if (body === '') throw unreadable(file.path, 'the skill has no instructions');
  const known: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(front.fields)) {
    const why = Object.hasOwn(PASSED_OVER, key) ? PASSED_OVER[key] : undefined;
    const line = front.lineOf([key]);
    if (why === undefined) known[key] = value;
    else note(key, why, line === undefined ? {} : { line });
  }
  return {
    source: file.path,
    format: 'skill',
    title: file.title,
    tags: [],
    execution: {},
    ...fieldsOf({ ...front, fields: known }, note),
    parameters: [],
    messages: [
      {
        role: 'system',
        template: literalTemplate(body, { exact: false }),
        line: firstTextLine(front.body, front.bodyLine),
      },
    ],
  };
}

/** The SKILL.md of a prompt: all its messages are the instructions. */
export function writeSkill(
  draft: Pick<PromptDraft, 'title' | 'description' | 'license' | 'execution' | 'tags'>,
  messages: readonly { readonly role: string; readonly content: string }[],
  note: NoteTaker,
): string {
  const { title, description, license, execution } = draft;
  if (messages.some(({ role }) => role !== 'system')) {
    note('roles', 'A skill is one text of instructions: the messages follow each other in it.');
  }
  if (Object.keys(execution).length > 0) note('model settings', 'A skill names no model; they are left out.');
  if (description === undefined) note('description', 'A skill needs one: say when it is to be used.');
  const front = stringify(
    {
      name: promptId(title),
      description: (description ?? `Instructions of ${title}.`).slice(0, 1024),
      ...(license === undefined ? {} : { license }),
    },
    { lineWidth: 0 },
  );
  return `---\n${front}---\n\n${messages.map(({ content }) => content).join('\n\n')}\n`;
}
