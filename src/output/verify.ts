import type { DamagedPackage, VerifyResult } from '../ops/store/verify.js';
import { printable } from './error.js';
import type { Style } from './style.js';

/** What is damaged, package by package, and what was mended. */
export function verifyText(result: VerifyResult, style: Style): string {
  const { packages, files, damaged, ok } = result;
  const lines = damaged.flatMap(item => packageLines(item, style));
  const checked = `${counted(packages, 'package')} with ${counted(files, 'file')}`;
  if (damaged.length === 0) lines.push(`${checked}: all as they were installed.`);
  else if (ok) lines.push(`${checked}: ${damaged.length} were damaged and are whole again.`);
  else {
    const left = damaged.filter(({ fixed }) => !fixed);
    const hint = left.some(({ reason }) => reason === undefined)
      ? ' Run "prompd verify --fix" to write them anew.'
      : '';
    lines.push(`${checked}: ${counted(left.length, 'package')} damaged.${hint}`);
  }
  return `${lines.join('\n')}\n`;
}

function packageLines(item: DamagedPackage, style: Style): string[] {
  const { name, version, dir, fixed, reason } = item;
  const subject = name === undefined ? printable(dir ?? '') : `${style.name(name)} ${version}`;
  const state = fixed ? style.good('fixed') : style.bad('damaged');
  const faults = [
    ...(dir === undefined ? ['  not there'] : []),
    ...listed('missing', item.missing),
    ...listed('changed', item.changed),
    ...listed('extra', item.extra),
    ...listed('writable or executable', item.modes),
    ...(reason === undefined ? [] : [`  not fixed: ${printable(reason)}`]),
  ];
  return [`${state} ${subject}`, ...faults];
}

function listed(what: string, files: readonly string[]): string[] {
  return files.map(file => `  ${what}: ${printable(file)}`);
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
