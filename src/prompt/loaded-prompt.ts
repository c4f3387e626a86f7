import type { PromptDocument } from './document.js';
import type { ParameterDefinition } from './parameter-type.js';
import type { Part, Piece } from './piece.js';
import type { Role } from './role.js';
import type { SourceText } from './source-text.js';

/** Where something was written, as a user finds it. */
export interface Origin {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface LoadedParameter {
  readonly definition: ParameterDefinition;
  readonly origin: Origin;
}

/** A section after inheritance. */
export interface LoadedSection {
  readonly id: string;
  readonly role: Role | undefined;
  /** Id of the role section in whose message it stands. */
  readonly slot: string;
  readonly origin: Origin;
  /** How the section came about: the body, the front matter, or an `override`. */
  readonly from: 'body' | 'front matter' | 'override';
  /** Heading line of a named section, up to its content. */
  readonly heading: Piece | undefined;
  readonly parts: readonly Part[];
  /** Where it ended and began in its body: neighbours keep the white space between them. */
  readonly span: { readonly source: SourceText; readonly start: number; readonly end: number } | undefined;
}

/** A file of `contexts`. */
export interface LoadedContext {
  readonly path: string;
  readonly language: string;
  readonly text: string;
  readonly origin: Origin;
}

/** A prompt with everything that it refers to. */
export interface LoadedPrompt {
  /** The prompt's own file. */
  readonly document: PromptDocument;
  /** `id`, or `name` where there is none. */
  readonly id: string;
  readonly parameters: readonly LoadedParameter[];
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly sections: readonly LoadedSection[];
  readonly contexts: readonly LoadedContext[];
  /** `provider`, `model`, `temperature`, `max_tokens`, `models`: the nearest prompt of the chain wins. */
  readonly execution: Readonly<Record<string, unknown>>;
  /** Paths of the prompts that it inherits from, nearest first. */
  readonly ancestors: readonly string[];
  /** Parameters that prompts declare whose text is used without being inherited from. */
  readonly borrowed: readonly string[];
  /** Names that may start a `{path}`: all parameters, those of prompts whose text is used, and `inputs`. */
  readonly roots: ReadonlySet<string>;
}
