import type { Template } from '../core/template-nodes.js';

/** What prompts are imported from and exported to. */
export const FORMATS = ['prompty', 'dotprompt', 'chat', 'markdown', 'skill', 'text'] as const;
export type ForeignFormat = (typeof FORMATS)[number];

/** Something that a conversion could not carry over, or had to change. */
export interface Note {
  /** The file it was in, as the user knows it. */
  readonly file: string;
  /** From 1; absent when it is about the file as a whole. */
  readonly line?: number;
  /** What it is: `tools`, `image`, `helper "date"`. */
  readonly what: string;
  /** What became of it and why, as a sentence. */
  readonly why: string;
  readonly hint?: string;
}

export type MessageRole = 'system' | 'user' | 'assistant';

/** One message of a conversation. */
export interface DraftMessage {
  readonly role: MessageRole;
  /** In the template language of prompd. */
  readonly template: string;
  /** Line of the file where it begins, from 1. */
  readonly line: number;
}

/** Types of values as a prompt's parameters have them. */
export type ValueType =
  | 'string'
  | 'integer'
  | 'number'
  | 'float'
  | 'boolean'
  | 'array'
  | 'object'
  | 'json'
  | 'file'
  | 'base64';

/** What a value must keep to, in the words of the prompd format. */
export interface DraftRules {
  readonly type: ValueType;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly min?: number;
  readonly max?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: DraftRules;
  readonly properties?: Readonly<Record<string, DraftRules & { readonly required: boolean }>>;
}

export interface DraftParameter extends DraftRules {
  readonly name: string;
  readonly required: boolean;
  readonly description?: string;
  readonly default?: unknown;
  readonly example?: unknown;
  /** What the author has said to somebody whose value breaks a rule; only prompd has it. */
  readonly errorMessage?: string;
}

/** Defaults for running a prompt. */
export interface Execution {
  readonly provider?: string;
  readonly model?: string;
  readonly temperature?: number;
  readonly max_tokens?: number;
}

/** One prompt between two formats: all readers make it, all writers take it. */
export interface PromptDraft {
  /** File it comes from, as the user knows it. */
  readonly source: string;
  readonly format: ForeignFormat | 'prompd';
  /** Its name where it comes from: free text. */
  readonly title: string;
  readonly description?: string;
  readonly version?: string;
  readonly author?: string;
  readonly license?: string;
  readonly tags: readonly string[];
  readonly parameters: readonly DraftParameter[];
  readonly messages: readonly DraftMessage[];
  readonly execution: Execution;
}

/** A text file that is to be read. */
export interface ForeignFile {
  /** As the user knows it; for notes and errors. */
  readonly path: string;
  /** What to call the prompt when the file does not say. */
  readonly title: string;
  /** With `\n` line ends and without a byte order mark. */
  readonly text: string;
}

/** What the conversions must know of templates; handed in, because the template language belongs to another phase. */
export interface TemplateLanguage {
  /** The tree of a template, or why it has none. @param roots names that may start a `{path}` */
  parse(source: string, roots: ReadonlySet<string>): Template | TemplateFault;
  /** Every use of a variable that the template does not bind itself, with its offset. */
  variables(template: Template): readonly { readonly name: string; readonly at: number }[];
}

export interface TemplateFault {
  readonly fault: string;
  /** Offset into the source. */
  readonly at: number;
}

/** What readers share. */
export interface ReadOptions {
  readonly language: TemplateLanguage;
  readonly note: (note: Note) => void;
  /** Partials of dotprompt by name. */
  readonly partials?: ReadonlyMap<string, ForeignFile>;
  /** Whether `{name}` in texts without a template language stands for a parameter. */
  readonly fStrings?: boolean;
}

/** A file that a writer made. */
export interface WrittenFile {
  /** Relative, with forward slashes. */
  readonly path: string;
  readonly text: string;
}
