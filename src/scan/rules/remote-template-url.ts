import type { AuditSeverity } from '../../core/audit-severity.js';
import type { Match, TextFile, TextRule } from '../rule.js';

interface Target {
  readonly what: string;
  /** Fetched without anybody asking, as soon as the text is shown. */
  readonly isLoaded: boolean;
  readonly pattern: RegExp;
}

/** Markdown link or image targets, and the attributes of HTML that load or follow an address. */
const TARGETS: readonly Target[] = [
  {
    what: 'An image',
    isLoaded: true,
    pattern: /!\[[^\]\n]{0,120}\]\([ \t]{0,4}<?(?:https?:)?\/\/[^\n)]{1,2000}/gi,
  },
  {
    what: 'A link',
    isLoaded: false,
    pattern: /\](?<!!\[[^\]\n]{0,120}\])\([ \t]{0,4}<?(?:https?:)?\/\/[^\n)>]{1,2000}/gi,
  },
  {
    what: 'A link or image',
    isLoaded: false,
    pattern: /^[ \t]{0,3}\[[^\]\n]{1,200}\]:[ \t]{0,4}<?(?:https?:)?\/\/[^\n>]{1,2000}/gim,
  },
  {
    what: 'An element',
    isLoaded: true,
    pattern: /\b(?:src|srcset|poster|data)[ \t]{0,4}=[ \t]{0,4}["']?(?:https?:)?\/\/[^\n"'>]{1,2000}/gi,
  },
  {
    what: 'A link',
    isLoaded: false,
    pattern: /\b(?:href|action)[ \t]{0,4}=[ \t]{0,4}["']?(?:https?:)?\/\/[^\n"'>]{1,2000}/gi,
  },
  {
    what: 'A style',
    isLoaded: true,
    pattern: /\burl\([ \t]{0,4}["']?(?:https?:)?\/\/[^\n"')]{1,2000}/gi,
  },
];

/** What is put into a text; `${name}` is code that is only shown, and where it is not, rendering shows it. */
const INTERPOLATION = /\{\{|\{%|(?<!\$)\{[a-z_][a-z0-9_]{0,60}(?:[.[|][^{}\n]{0,80})?\}/i;
/** A place in an address that the model is asked to fill in: `?q=<summary>`, `?q=[DATA]`, `?q=$CHAT`. */
const BLANK =
  /[?&/=](?:<[A-Za-z][^<>\n]{0,80}>|\[[A-Za-z][^[\]\n]{0,80}\])|=(?:\$[A-Z_]{3,40}\b|\{\{?[A-Z_]{2,40}\}|[A-Z]{3,20}_[A-Z_]{2,40}\b)/;

/** A template expression, within one line. */
const EXPRESSION = /\{\{[^{}\n]{0,1000}\}\}|\{%[^%\n]{0,1000}%\}/g;

/** An address that takes values with it: once it is rendered as an image or a link, they leave with the request. */
export const remoteTemplateUrl: TextRule = {
  id: 'remote-template-url',
  title: 'An address that takes values with it',
  help: 'An image or a link to another host has values of the prompt in its address: whoever shows the answer sends them there. Images load by themselves, which makes them the usual way to carry data off. Keep values out of addresses.',
  levels: ['moderate', 'high'],
  *checkText(file: TextFile): Generator<Match> {
    const { text, marker, origin } = file;
    // All that is looked for has it, and most texts do not.
    if (!text.includes('//')) return;
    for (const { what, isLoaded, pattern } of TARGETS) {
      for (const { 0: found, index } of text.matchAll(pattern)) {
        const filled =
          (origin !== 'rendered' && INTERPOLATION.test(found)) ||
          (marker !== undefined && found.includes(marker));
        if (filled)
          yield exfiltration(`${what} sends template values`, isLoaded ? 'high' : 'moderate', index);
        else if (isLoaded && BLANK.test(found))
          yield exfiltration(`${what} has the model send what it fills in`, 'high', index);
      }
    }
    if (origin === 'rendered') return;
    for (const { 0: found, index } of text.matchAll(EXPRESSION)) {
      if (/https?:\/\//i.test(found))
        yield exfiltration('A template expression builds an address', 'moderate', index);
    }
  },
};

function exfiltration(what: string, level: AuditSeverity, index: number): Match {
  return {
    level,
    message: `${what} to another host: who renders it may give away what the values hold.`,
    hint: 'Keep values out of addresses, or name them as text that is not a link.',
    index,
  };
}
