import { PrompdError } from '../core/errors.js';
import type { Problem } from '../core/problem.js';
import type { Template } from '../core/template-nodes.js';
import type { LoadedPrompt } from './loaded-prompt.js';
import { PieceMap } from './piece.js';
import { slotIds, slotPieces } from './slot.js';
import type { SourceText } from './source-text.js';
import { parseTemplate } from './template/parser.js';
import type { TemplateError } from './template/template-error.js';

/** What the templates of a prompt's messages are made from. */
export interface MessageSource extends Pick<LoadedPrompt, 'sections' | 'roots'> {
  readonly document: { readonly source: SourceText };
}

/** The template of one message. */
export class MessageTemplate {
  private readonly pieces: PieceMap;
  private parsed: Template | undefined;

  constructor(
    private readonly prompt: MessageSource,
    /** Id of the role section. */
    readonly slot: string,
  ) {
    this.pieces = new PieceMap(slotPieces(prompt, slot));
  }

  /** @throws TemplateError ETEMPLATE; `located` and `problem` say where in the files it is */
  get template(): Template {
    this.parsed ??= parseTemplate(this.pieces.text, this.prompt.roots);
    return this.parsed;
  }

  /** Where an offset of the template was written, in the text of its file. */
  origin(at: number): { readonly source: SourceText; readonly at: number } | undefined {
    return this.pieces.origin(at);
  }

  /** A fault of the template as an error for the user, with the file, line and column. */
  located(error: TemplateError): PrompdError {
    const { file, line, column, message } = this.problem(error);
    const place = line === undefined ? file : `${file}:${line}:${column}`;
    return new PrompdError(error.code, `${place}: ${message}`, {
      facts: { file, ...(line === undefined || column === undefined ? {} : { line, column }) },
      hint: error.hint,
      cause: error,
    });
  }

  /** A fault of the template as a finding about the file it comes from. */
  problem({ code, message, at, hint }: Pick<TemplateError, 'code' | 'message' | 'at' | 'hint'>): Problem {
    const origin = this.pieces.origin(at ?? 0);
    const source = origin?.source ?? this.prompt.document.source;
    return source.problem(code, message, {
      ...(origin ? { at: origin.at } : {}),
      ...(hint === undefined ? {} : { hint }),
    });
  }
}

const TEMPLATES = new WeakMap<MessageSource, ReadonlyMap<string, MessageTemplate>>();

/** The templates of a prompt's messages by slot; parsed once a prompt, however often it is rendered. */
export function messageTemplates(prompt: MessageSource): ReadonlyMap<string, MessageTemplate> {
  const known = TEMPLATES.get(prompt);
  if (known) return known;
  const made = new Map(slotIds(prompt).map(slot => [slot, new MessageTemplate(prompt, slot)]));
  TEMPLATES.set(prompt, made);
  return made;
}
