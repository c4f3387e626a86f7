import test from 'ava';
import { parseVersion } from '#prompd/core/version.js';
import type { ChangeLevel } from '#prompd/prompt/contract-change.js';
import { type Bump, holds, requiredBump } from '#prompd/prompt/version-step.js';

const STEPS: readonly [base: string, level: ChangeLevel, bump: Bump, version: string][] = [
  ['1.2.3', 'breaking', 'major', '2.0.0'],
  ['1.2.3', 'minor', 'minor', '1.3.0'],
  ['1.2.3', 'patch', 'patch', '1.2.4'],
  ['0.4.1', 'breaking', 'minor', '0.5.0'],
  ['0.4.1', 'minor', 'patch', '0.4.2'],
  ['0.4.1', 'patch', 'patch', '0.4.2'],
  ['0.0.3', 'breaking', 'patch', '0.0.4'],
  ['0.0.3', 'minor', 'patch', '0.0.4'],
  ['2.0.0-beta.1', 'breaking', 'patch', '2.0.0'],
  ['1.2.3+build.5', 'minor', 'minor', '1.3.0'],
];

for (const [base, level, bump, version] of STEPS) {
  test(`a ${level} change after ${base} needs ${version}`, t => {
    t.like(requiredBump(level, parseVersion(base)), { bump, version: parseVersion(version) });
  });
}

const HELD: readonly [version: string, level: ChangeLevel, base: string, held: boolean][] = [
  ['2.0.0', 'breaking', '1.2.3', true],
  ['1.9.0', 'breaking', '1.2.3', false],
  ['3.1.4', 'breaking', '1.2.3', true],
  ['1.2.4', 'minor', '1.2.3', false],
  ['1.3.0', 'minor', '1.2.3', true],
  ['2.0.0-beta.1', 'breaking', '1.2.3', true],
  ['1.2.4-beta.1', 'minor', '1.2.3', false],
  ['2.0.0-beta.2', 'breaking', '2.0.0-beta.1', true],
  ['0.4.2', 'breaking', '0.4.1', false],
  ['0.4.2', 'minor', '0.4.1', true],
  ['1.0.0', 'breaking', '0.4.1', true],
  ['0.0.4', 'breaking', '0.0.3', true],
];

for (const [version, level, base, held] of HELD) {
  test(`${version} may ${held ? '' : 'not '}hold a ${level} change after ${base}`, t => {
    t.is(holds(parseVersion(version), level, parseVersion(base)), held);
  });
}
