import { readChat } from './chat.js';
import { readDotprompt } from './dotprompt.js';
import { type MarkdownOptions, readMarkdown } from './markdown.js';
import type { ForeignFile, ForeignFormat, PromptDraft } from './model.js';
import { readPrompty } from './prompty.js';
import { readSkill } from './skill.js';

export { writeChat } from './chat.js';
export { arrange, type Sections } from './conversation.js';
export { isCompany, kindByContent, kindByName, titleOf } from './detect.js';
export { writeDotprompt } from './dotprompt.js';
export { literalTemplate } from './literal.js';
export { readPair } from './markdown.js';
export {
  type DraftParameter,
  FORMATS,
  type ForeignFile,
  type ForeignFormat,
  type MessageRole,
  type Note,
  type PromptDraft,
  type ReadOptions,
  type TemplateLanguage,
  type WrittenFile,
} from './model.js';
export { promptId, uniqueId } from './name.js';
export { type NoteTaker, noteLine, notesInOrder, notesOn } from './note.js';
export { bodyTemplates, prompdFile } from './prompd-file.js';
export { writePrompty } from './prompty.js';
export { doubleBraces } from './single-braces.js';
export { writeSkill } from './skill.js';
export { decodeText, unreadable } from './structured-text.js';
export { writeMarkdown, writeMarkdownFolder } from './write-markdown.js';

/**
 * Reads a prompt of another format.
 * @throws PrompdError EIMPORT naming the file, with the line where there is one
 */
export function readForeign(format: ForeignFormat, file: ForeignFile, options: MarkdownOptions): PromptDraft {
  switch (format) {
    case 'prompty':
      return readPrompty(file, options);
    case 'dotprompt':
      return readDotprompt(file, options);
    case 'chat':
      return readChat(file, options);
    case 'skill':
      return readSkill(file, options);
    case 'markdown':
      return readMarkdown(file, options);
    case 'text':
      return { ...readMarkdown(file, { ...options, plain: true }), format: 'text' };
  }
}
