import type { Argv } from 'yargs';
import { parseMoment } from '../config/resolution.js';
import { PrompdError } from '../core/errors.js';
import type { GlobalOptions } from './command.js';
import { numberFlag } from './number-flag.js';

/** Flags that choose rows of an audit. */
export function auditFilter(yargs: Argv<GlobalOptions>) {
  const word = { type: 'string', requiresArg: true } as const;
  return yargs
    .positional('project', {
      type: 'string',
      describe: 'Its scope, as in @bank; what belongs to no project by default',
    })
    .option('actor', { ...word, describe: 'A user; ja* for all that begin so' })
    .option('subject', { ...word, describe: 'What it was done to, as in "package @bank/kyc"' })
    .option('action', { ...word, describe: 'What was done, as in version.publish or grant.*' })
    .option('from', { ...word, describe: 'A date or time: rows from then on' })
    .option('to', { ...word, describe: 'A date or time: rows before it' })
    .option('after', { ...word, describe: 'The number of a row: rows after it' });
}

/** @throws PrompdError EUSAGE for a time or number that is none */
export function auditQuery({
  actor,
  subject,
  action,
  from,
  to,
  after,
}: Readonly<Record<'actor' | 'subject' | 'action' | 'from' | 'to' | 'after', string | undefined>>) {
  return {
    actor,
    subject,
    action,
    from: momentFlag('--from', from),
    to: momentFlag('--to', to),
    after: numberFlag('--after', after, { min: 0, max: 2_000_000_000, whole: true }),
  };
}

function momentFlag(flag: string, given: string | undefined): string | undefined {
  if (given === undefined) return undefined;
  const moment = parseMoment(given);
  if (moment !== undefined) return moment.toISOString();
  throw new PrompdError('EUSAGE', `${flag} cannot be "${given.slice(0, 100)}".`, {
    facts: { found: given.slice(0, 100) },
    hint: 'Write a date, as in "2026-01-31", or a time with its zone, as in "2026-01-31T12:00:00Z".',
  });
}
