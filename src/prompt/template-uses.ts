import type { LoadedPrompt } from './loaded-prompt.js';
import { messageTemplates } from './message-template.js';
import type { SourceText } from './source-text.js';
import { analyse } from './template/analysis.js';
import { TemplateError } from './template/template-error.js';

/** A place where a template uses a variable that it does not bind itself. */
export interface TemplateUse {
  readonly name: string;
  /** The file that the use was written in: the prompt's own, or one it is made of. */
  readonly source: SourceText;
  /** Offset of the name in the text of `source`. */
  readonly at: number;
}

/**
 * Where the templates of a loaded prompt use variables from outside, each place once.
 * @returns the uses, and whether every template could be read: otherwise some are missing
 */
export function templateUses(prompt: LoadedPrompt): { uses: readonly TemplateUse[]; complete: boolean } {
  const uses = new Map<string, TemplateUse>();
  let complete = true;
  for (const template of messageTemplates(prompt).values()) {
    try {
      for (const { name, at } of analyse(template.template).variables) {
        const origin = template.origin(at);
        if (origin) uses.set(`${origin.source.file.id} ${origin.at}`, { name, ...origin });
      }
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      complete = false;
    }
  }
  return { uses: [...uses.values()], complete };
}
