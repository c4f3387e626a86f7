import { isRegistrySource } from '../core/package-key.js';
import type { ChainLink, Reasons, WhyResult } from '../ops/install/why.js';
import { printable } from './error.js';
import type { Style } from './style.js';

/** Each version of the package, and below it the chains that lead to it, a link a line. */
export function whyText({ root, project, packages }: WhyResult, style: Style): string {
  const start = printable(root ?? project);
  return `${packages.flatMap((found, at) => [...(at > 0 ? [''] : []), ...reasonLines(found, start, style)]).join('\n')}\n`;
}

function reasonLines(reasons: Reasons, start: string, style: Style): string[] {
  const { name, version, source, dev, chains, isCut } = reasons;
  const notes = [...(dev ? ['dev'] : []), ...(isRegistrySource(source) ? [] : [printable(source)])];
  const title = `${style.strong(`${name}@${version}`)}${notes.length === 0 ? '' : ` (${notes.join(', ')})`}`;
  return [
    title,
    ...chains.map(chain => `  ${[start, ...chain.map(link => linkText(link, style))].join(' > ')}`),
    ...(chains.length === 0 ? ['  nothing asks for it: run "prompd prune"'] : []),
    ...(isCut ? [style.dim(`  and more: ask for them with "--limit ${chains.length * 10}"`)] : []),
  ];
}

function linkText({ name, version, asked, range, override }: ChainLink, style: Style): string {
  const alias = asked === name ? '' : `as ${asked}, `;
  const wanted = range === undefined ? 'range not known' : printable(range.replace(`prompd:${name}@`, ''));
  const text = override === undefined ? wanted : `${wanted}, overridden: ${printable(override)}`;
  return `${style.name(name)}@${version} ${style.dim(`(${alias}${text})`)}`;
}
