import type { VendorResult } from '../ops/store/vendor.js';
import { printable } from './error.js';
import type { Style } from './style.js';

/** What was vendored or, in a check, what does not fit. */
export function vendorText(
  { dir, fits, written, removed, total }: VendorResult,
  { style, check }: { style: Style; check: boolean },
): string {
  const folder = printable(dir);
  const packages = total === 1 ? '1 package' : `${total} packages`;
  const lines = [
    ...written.map(({ folder, reason }) =>
      check
        ? `${style.bad('!')} ${style.name(printable(folder))} ${printable(reason)}`
        : `${style.good('+')} ${style.name(printable(folder))}`,
    ),
    ...removed.map(folder =>
      check
        ? `${style.bad('!')} ${style.name(printable(folder))} is not in the lockfile`
        : `${style.bad('-')} ${style.name(printable(folder))}`,
    ),
  ];
  if (check) {
    lines.push(
      fits
        ? `${folder} fits the lockfile: ${packages}.`
        : `${folder} does not fit the lockfile. Run "prompd vendor".`,
    );
  } else if (lines.length === 0) lines.push(`${folder} is up to date: ${packages}.`);
  else lines.push(`Vendored ${packages} in ${folder}: ${written.length} written, ${removed.length} removed.`);
  return `${lines.join('\n')}\n`;
}
