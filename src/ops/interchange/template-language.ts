import type { TemplateLanguage } from '../../interchange/index.js';
import { analyse, parseTemplate, TemplateError } from '../../prompt/index.js';

/** The template language of prompts, as conversions from and to other formats need it. */
export const TEMPLATE_LANGUAGE: TemplateLanguage = {
  parse(source, roots) {
    try {
      return parseTemplate(source, roots);
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      return { fault: error.message, at: error.at ?? 0 };
    }
  },
  variables: template => analyse(template).variables,
};
