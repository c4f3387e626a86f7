import test from 'ava';
import { parsePackageName } from '#prompd/core/name.js';
import { parseVersion } from '#prompd/core/version.js';
import type { InstalledNews, InstalledPackage } from '#prompd/ops/browse/installed.js';
import {
  aboutInstalled,
  installedColumns,
  installedLine,
  installedSummary,
} from '#prompd/tui/browse/installed/installed-line.js';
import type { Line } from '#prompd/tui/parts/line.js';

const ITEM: InstalledPackage = {
  asked: '@acme/rules',
  name: parsePackageName('@acme/rules'),
  range: '^1.0.0',
  dev: false,
  current: parseVersion('1.0.0'),
  present: true,
  linked: undefined,
};
const NEWS: InstalledNews = {
  wanted: parseVersion('1.1.0'),
  latest: parseVersion('2.0.0'),
  outdated: true,
  yanked: true,
  deprecated: 'Use \u001b[31manother\u001b[0m\none.',
  advisories: [{ id: 'PSA-1', severity: 'high', message: 'Obeys', about: '@acme/rules@1.0.0' }],
};
const text = (line: Line) => line.map(span => span.text).join('');

test('a line tells versions in columns, and what is wrong in words', t => {
  t.is(
    text(installedLine({ ...ITEM, dev: true }, NEWS, installedColumns(80))),
    '@acme/rules            ^1.0.0    1.0.0     1.1.0     2.0.0     advisory:high withdrawn deprecated outdated dev',
  );
  t.regex(
    text(installedLine({ ...ITEM, present: false }, undefined, installedColumns(80))),
    / not installed$/,
  );
  t.regex(
    text(installedLine({ ...ITEM, linked: '/x', present: false }, undefined, installedColumns(80))),
    / linked$/,
  );
});

test('the line below says what the marks mean, without codes for the terminal, in one line', t => {
  t.is(
    text(aboutInstalled(ITEM, NEWS, 200)),
    'PSA-1 of @acme/rules@1.0.0: Obeys; deprecated: Use another one.; this version was withdrawn',
  );
  t.is(text(aboutInstalled(ITEM, NEWS, 20)).length, 20);
  t.is(text(aboutInstalled(ITEM, undefined, 20)), '');
});

test('the summary counts what there is something to say about', t => {
  const other = { ...ITEM, asked: '@acme/other' };
  t.is(
    installedSummary([ITEM, other], new Map([[ITEM.asked, NEWS]])),
    '2 packages, 1 outdated, 1 deprecated, 1 withdrawn, 1 with advisories',
  );
  t.is(installedSummary([ITEM], new Map()), '1 package');
});
