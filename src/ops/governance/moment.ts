import { MOMENT_FORM, parseMoment } from '../../config/resolution.js';
import { PrompdError } from '../../core/errors.js';

/**
 * When something is to begin, as ISO time: a date means its first moment in UTC, a time names its zone. One that does not
 * would be another moment on another machine, and twice or never where clocks are set.
 * @throws PrompdError EUSAGE
 */
export function startOf(typed: string): string {
  return momentOf(typed, MOMENT_FORM).toISOString();
}

/** Until when something is to hold, as {@link startOf}: a date means its last second in UTC. @throws PrompdError EUSAGE */
export function endOf(typed: string): string {
  const moment = momentOf(typed, END_FORM);
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(typed.trim());
  return isDay ? `${moment.toISOString().slice(0, 10)}T23:59:59.000Z` : moment.toISOString();
}

const END_FORM =
  'Write a date, as in "2026-12-01", which means its last second in UTC, or a time with its zone, as in "2026-12-01T08:00:00Z".';

function momentOf(typed: string, form: string): Date {
  const moment = parseMoment(typed);
  if (moment !== undefined) return moment;
  throw new PrompdError('EUSAGE', `"${typed.slice(0, 60)}" is no date, and no time with its zone.`, {
    hint: form,
  });
}
