import type { AuditListing, AuditSigning } from '../ops/registry/registry-audit.js';
import type { AuditCheck } from '../ops/registry/registry-audit-file.js';
import { columns } from './columns.js';
import { printable } from './error.js';
import type { Style } from './style.js';

/** One row a line, by its number first. */
export function auditListText({ events, chain, next }: AuditListing, style: Style): string {
  if (events.length === 0) return style.dim(`The audit ${oneLine(chain)} has no such rows.`);
  const rows = events.map(({ seq, at, actor, action, subject, before, after, reason }) => [
    String(seq),
    at.slice(0, 19).replace('T', ' '),
    oneLine(actor),
    oneLine(action),
    oneLine(subject),
    oneLine([before, after].filter(value => value !== null).join(' -> ')).slice(0, 80),
    reason === null ? '' : `"${oneLine(reason)}"`,
  ]);
  const more = next === null ? [] : [style.dim(`There are more: --after ${next}`)];
  return [...columns(rows, (cell, _row, column) => (column === 0 ? style.dim(cell) : cell)), ...more].join(
    '\n',
  );
}

/** The checkpoint, and how to keep it. */
export function checkpointText(signed: AuditSigning, style: Style): string {
  const rows = [
    ['rows', String(signed.size)],
    ['hash', signed.hash],
    ['signed', signed.at],
    ['key', oneLine(signed.publicKey)],
    ['signature', oneLine(signed.signature)],
  ];
  return [
    style.strong(oneLine(signed.chain)),
    ...columns(rows, (cell, _row, column) => (column === 0 ? style.dim(cell) : cell)),
  ].join('\n');
}

/** What an audit is worth. */
export function auditCheckText(check: AuditCheck, style: Style): string {
  const { chain = 'nothing', events, first, last, problems, faults } = check;
  const what = `${oneLine(chain)}: ${events} ${events === 1 ? 'row' : 'rows'}${
    first === undefined ? '' : `, ${first} to ${last}`
  }`;
  if (!check.verified) {
    const lines = problems.map(({ fault, message }) => `  ${style.bad(fault)}  ${oneLine(message)}`);
    const more = faults > problems.length ? [`  and ${faults - problems.length} more`] : [];
    return [`${style.bad('does not verify')}  ${what}`, ...lines, ...more].join('\n');
  }
  return [`${style.good('verified')}  ${what}`, `  ${style.dim(worth(check))}`].join('\n');
}

function worth({ filtered, checkpoints, remembered }: AuditCheck): string {
  if (filtered) return 'None of these rows was changed; whether one is missing only a whole export tells.';
  const signed = checkpoints.at(-1);
  if (signed === undefined) return 'Nothing is signed: a cut end or a chain made anew would not show.';
  const held = remembered === null ? '' : `, and against the ${remembered} rows that were seen before`;
  return `Held against ${checkpoints.length} ${checkpoints.length === 1 ? 'checkpoint' : 'checkpoints'}, the newest of ${signed.at}${held}.`;
}

function oneLine(text: string): string {
  return printable(text).replace(/\s+/g, ' ').trim();
}
