import type { Match, TextFile, TextRule } from '../rule.js';

/** Markdown link or image targets, and the attributes of HTML that load or follow an address. */
const TARGETS: readonly RegExp[] = [
  /\]\([ \t]{0,4}<?(?:https?:)?\/\/[^\n)>]{1,2000}/gi,
  /^[ \t]{0,3}\[[^\]\n]{1,200}\]:[ \t]{0,4}<?(?:https?:)?\/\/[^\n>]{1,2000}/gim,
  /\b(?:src|href|action|srcset|poster|data)[ \t]{0,4}=[ \t]{0,4}["']?(?:https?:)?\/\/[^\n"'>]{1,2000}/gi,
  /\burl\([ \t]{0,4}["']?(?:https?:)?\/\/[^\n"')]{1,2000}/gi,
];

const INTERPOLATION = /\{\{|\{%|\{[a-z_][a-z0-9_]{0,60}(?:[.[|][^{}\n]{0,80})?\}/i;

/** A template expression, within one line. */
const EXPRESSION = /\{\{[^{}\n]{0,1000}\}\}|\{%[^%\n]{0,1000}%\}/g;

/** An address that takes values with it: once it is rendered as an image or a link, they leave with the request. */
export const remoteTemplateUrl: TextRule = {
  id: 'remote-template-url',
  *checkText(file: TextFile): Generator<Match> {
    for (const pattern of TARGETS) {
      for (const { 0: found, index } of file.text.matchAll(pattern)) {
        if (INTERPOLATION.test(found)) yield exfiltration('A link or image sends template values', index);
      }
    }
    for (const { 0: found, index } of file.text.matchAll(EXPRESSION)) {
      if (/https?:\/\//i.test(found)) yield exfiltration('A template expression builds an address', index);
    }
  },
};

function exfiltration(what: string, index: number): Match {
  return {
    severity: 'warning',
    message: `${what} to another host: who renders it may give away what the values hold.`,
    hint: 'Keep values out of addresses, or name them as text that is not a link.',
    index,
  };
}
