import type { PackageInfo } from '../ops/registry/info.js';
import { printable } from './error.js';
import { byteSize } from './progress.js';
import type { Style } from './style.js';

/** Versions that fit on a screen; `--json` has all. */
const SHOWN_VERSIONS = 10;

/** One package as a table of names and values. */
export function infoText(info: PackageInfo, style: Style): string {
  const { dist } = info;
  const rows: [string, string][] = [
    ['description', info.description],
    ['author', info.author],
    ['license', info.license],
    ['category', info.category],
    ['keywords', info.keywords.join(', ')],
    ['access', info.access],
    ['published', info.published ?? ''],
    ['downloads', info.downloads === undefined ? '' : String(info.downloads)],
    ['tags', pairs(info.distTags, ': ')],
    ['versions', versions(info)],
    ['prompts', pairs(info.prompts, ': ')],
    ['depends on', pairs(info.dependencies, ' ') || 'nothing'],
    ['size', sizes(info)],
    ['integrity', dist.integrity ?? ''],
    ['tarball', dist.tarball ?? ''],
    ['registry', info.registry],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${style.dim(name.padEnd(width))}  ${oneLine(value)}`);
  return [
    `${style.name(info.name)} ${style.strong(info.version)}`,
    ...states(info, style),
    '',
    ...lines,
  ].join('\n');
}

function states({ deprecated, yanked, advisories }: PackageInfo, style: Style): string[] {
  return [
    ...(deprecated === undefined ? [] : [`${style.warn('deprecated')}: ${oneLine(deprecated)}`]),
    ...(yanked ? [`${style.warn('yanked')}: new installs do not choose this version`] : []),
    ...advisories.map(({ id, severity, title, vulnerable, patched, affects }) => {
      const mended = patched === undefined ? '' : `, mended in ${patched}`;
      const label = affects ? style.bad(severity) : style.dim(severity);
      return `${label}: ${oneLine(`${title} (${id}, about ${vulnerable}${mended})`)}`;
    }),
  ];
}

function versions({ versions: all }: PackageInfo): string {
  const rest = all.length - SHOWN_VERSIONS;
  return `${all.slice(0, SHOWN_VERSIONS).join(', ')}${rest > 0 ? `, and ${rest} more` : ''}`;
}

function sizes({ dist: { size, unpackedSize, fileCount } }: PackageInfo): string {
  return [
    size === undefined ? '' : `${byteSize(size)} packed`,
    unpackedSize === undefined ? '' : `${byteSize(unpackedSize)} unpacked`,
    fileCount === undefined ? '' : `${fileCount} files`,
  ]
    .filter(part => part !== '')
    .join(', ');
}

function pairs(record: Readonly<Record<string, string>>, between: string): string {
  return Object.entries(record)
    .map(([name, value]) => `${name}${between}${value}`)
    .join(', ');
}

function oneLine(text: string): string {
  return printable(text).replace(/\s+/g, ' ').trim();
}
