import type { WrittenBootstrap } from '../ops/delivery/write-bootstrap.js';
import { printable } from './error.js';
import type { Style } from './style.js';

/** One prompt a line, then the file. */
export function bootstrapText({ file, prompts }: WrittenBootstrap, style: Style): string {
  const lines = prompts.map(
    ({ reference, version, digest }) =>
      `${style.name(printable(reference))} ${printable(version)}  ${style.dim(printable(digest))}\n`,
  );
  return `${lines.join('')}${style.good('Written')} to ${printable(file)}\n`;
}
