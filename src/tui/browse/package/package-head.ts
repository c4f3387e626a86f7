import type { PackageMarks } from '../../../ops/browse/session.js';
import type { PackageInfo } from '../../../ops/registry/info.js';
import { cleanLine, shortened } from '../../parts/clean-text.js';
import type { Line, Span } from '../../parts/line.js';
import { ageText, countText, markTexts } from '../search/hit-line.js';

export interface HeadOptions {
  readonly installed: string | undefined;
  readonly marks: PackageMarks | undefined;
  readonly width: number;
  readonly now: Date;
}

/** What stands above the sections: name, marks, what it is for, and warnings. */
export function packageHead(info: PackageInfo, { installed, marks, width, now }: HeadOptions): Line[] {
  const { name, version, description, author, license, category, downloads, published, keywords } = info;
  const signed = marks && { ...marks, deprecated: info.deprecated !== undefined };
  const words = markTexts(signed, { installed, latest: version });
  const facts = [
    category,
    author === '' ? '' : `by ${author}`,
    license,
    published === undefined ? '' : `${ageText(published, now)} old`,
    downloads === undefined ? '' : `${countText(downloads)} downloads`,
    keywords.join(' '),
  ].filter(fact => fact !== '');
  return [
    [
      { text: name, tone: 'name' },
      { text: ` ${version}`, tone: 'strong' },
      ...words.flatMap((span): Span[] => [{ text: '  ' }, span]),
    ],
    [{ text: shortened(cleanLine(description), width) }],
    [{ text: shortened(cleanLine(facts.join(' · ')), width), tone: 'dim' }],
    ...warnings(info, width),
  ];
}

function warnings({ deprecated, yanked, advisories }: PackageInfo, width: number): Line[] {
  const texts = [
    ...(deprecated === undefined ? [] : [`deprecated: ${deprecated}`]),
    ...(yanked ? ['yanked: new installs do not choose this version'] : []),
    ...advisories
      .filter(({ affects }) => affects)
      .slice(0, 3)
      .map(({ severity, title, id }) => `${severity}: ${title} (${id})`),
  ];
  return texts.map(text => [{ text: shortened(cleanLine(text), width), tone: 'warn' }]);
}
