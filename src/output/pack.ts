import type { PackResult, PackSummary } from '../ops/registry/pack.js';
import { printable } from './error.js';
import { count, problemLines } from './problems.js';
import { byteSize } from './progress.js';
import type { Style } from './style.js';

/** Findings, then files and sizes, then where the archive is or would be. */
export function packText(result: PackResult, style: Style): string {
  const written = result.path === undefined ? `would write ${result.filename}` : result.path;
  return [
    ...problemLines(result.problems, style),
    ...summaryLines(result, style),
    '',
    printable(written),
  ].join('\n');
}

/** Files with their sizes, then name, sums and integrity. */
export function summaryLines(summary: PackSummary, style: Style): string[] {
  const { name, version, files, size, unpackedSize, integrity } = summary;
  const sizes = files.map(file => byteSize(file.size));
  const width = Math.max(...sizes.map(({ length }) => length));
  return [
    `${style.name(name)} ${style.strong(version)}`,
    ...files.map(
      (file, index) => `  ${style.dim((sizes[index] ?? '').padStart(width))}  ${printable(file.path)}`,
    ),
    `${count(files.length, 'file')}, ${byteSize(unpackedSize)}, packed ${byteSize(size)}`,
    `${style.dim('integrity')} ${integrity}`,
  ];
}
