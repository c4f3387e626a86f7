import type { Deprecation, VersionMark, Yank } from '../ops/registry/deprecate.js';
import type { Unpublished } from '../ops/registry/unpublish.js';
import { printable } from './error.js';
import type { Style } from './style.js';

/** Which versions were deprecated, or are no longer. */
export function deprecationText(result: Deprecation, style: Style): string {
  const { message } = result;
  const did = message === undefined ? 'took the deprecation back of' : 'deprecated';
  const as = message === undefined ? 'not deprecated' : 'deprecated so';
  return markText(result, { did, as, said: message === undefined ? '' : `: ${printable(message)}` }, style);
}

/** Which version was yanked, or is no longer. */
export function yankText(result: Yank, style: Style): string {
  const words = result.yanked
    ? { did: 'yanked', as: 'yanked' }
    : { did: 'took the yank back of', as: 'not yanked' };
  return markText(result, { ...words, said: '' }, style);
}

/** What is gone. An npm registry may let its number be used again: prompd's own never does. */
export function unpublishText(result: Unpublished, style: Style): string {
  const { name, versions, wholePackage, registry, dryRun } = result;
  const numbers = versions.join(', ');
  const what = wholePackage
    ? `${style.name(name)} with all its versions (${numbers})`
    : `${style.name(name)}@${style.strong(numbers)}`;
  const taken = `Most registries never take ${versions.length === 1 ? 'its number' : 'their numbers'} again.`;
  return `${dryRun ? 'would unpublish' : 'unpublished'} ${what} from ${registry}\n${style.dim(taken)}`;
}

function markText(
  { name, versions, changed, dryRun }: VersionMark,
  { did, as, said }: { did: string; as: string; said: string },
  style: Style,
): string {
  if (changed.length === 0) {
    const them = versions.length === 1 ? `${versions[0]} is` : `all ${versions.length} versions are`;
    return `nothing to change: ${them} ${as} already`;
  }
  return `${dryRun ? 'dry run: ' : ''}${did} ${style.name(name)} ${style.strong(changed.join(', '))}${said}`;
}
