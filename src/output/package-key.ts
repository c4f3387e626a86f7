import { parsePackageKey } from '../core/package-key.js';
import { printable } from './error.js';

/** A package as people name it: `name@version`. */
export function keyText(key: string): string {
  const id = parsePackageKey(key);
  return printable(id ? `${id.name}@${id.version}` : key);
}
