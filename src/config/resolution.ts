import type { ErrorCode } from '../core/error-table.js';
import { PrompdError } from '../core/errors.js';
import type { ResolutionConfig } from './config.js';

export const STRATEGIES = ['highest', 'lowest', 'lowest-direct'] as const;
export const CONFLICTS = ['isolate', 'error'] as const;

/** The resolver's switches as somebody wrote them; what is left out is left to a weaker layer. */
export interface WrittenResolution {
  readonly resolution?: string | undefined;
  readonly conflicts?: string | undefined;
  readonly before?: string | undefined;
  readonly minimumReleaseAge?:
    | { readonly age?: string | undefined; readonly exclude?: readonly string[] | undefined }
    | undefined;
}

/** Without any switch: the highest versions, of whatever date, isolated where ranges clash. */
export const DEFAULT_RESOLUTION: ResolutionConfig = {
  strategy: 'highest',
  conflicts: 'isolate',
  before: undefined,
  minimumReleaseAgeMs: 0,
  minimumReleaseAgeExclude: [],
};

/** How a place calls the switches, and with which code it refuses a value. */
export interface Place {
  readonly code: Extract<ErrorCode, 'ECONFIG' | 'EUSAGE'>;
  /** The name of a switch there, as in `--before`. */
  readonly nameOf: (key: keyof WrittenResolution) => string;
}

/**
 * Understands the switches of one layer.
 * @returns only those that were written
 * @throws PrompdError with the place's code, naming the switch
 */
export function readResolution(written: WrittenResolution, place: Place): Partial<ResolutionConfig> {
  const { resolution, conflicts, before, minimumReleaseAge: { age, exclude } = {} } = written;
  const read = <T>(
    key: keyof WrittenResolution,
    raw: string | undefined,
    reader: Reader<T>,
  ): T | undefined =>
    raw === undefined || raw === '' ? undefined : (reader.read(raw) ?? refuse(key, raw, { reader, place }));
  return withoutUndefined({
    strategy: read('resolution', resolution, oneOf(STRATEGIES)),
    conflicts: read('conflicts', conflicts, oneOf(CONFLICTS)),
    before: read('before', before, { read: parseMoment, form: MOMENT_FORM }),
    minimumReleaseAgeMs: read('minimumReleaseAge', age, { read: parseDuration, form: DURATION_FORM }),
    minimumReleaseAgeExclude: exclude,
  });
}

/** The switches that the environment has, as they stand there. */
export function resolutionVariables(env: Readonly<Record<string, string | undefined>>): WrittenResolution {
  const exclude = env['PROMPD_MINIMUM_RELEASE_AGE_EXCLUDE'];
  return {
    resolution: env['PROMPD_RESOLUTION'],
    conflicts: env['PROMPD_CONFLICTS'],
    before: env['PROMPD_BEFORE'],
    minimumReleaseAge: {
      age: env['PROMPD_MINIMUM_RELEASE_AGE'],
      exclude: exclude === undefined || exclude === '' ? undefined : exclude.split(/[\s,]+/).filter(Boolean),
    },
  };
}

export const ENVIRONMENT: Place = {
  code: 'ECONFIG',
  nameOf: key => `PROMPD_${key.replace(/[A-Z]/g, letter => `_${letter}`).toUpperCase()}`,
};

export const DURATION_FORM = 'Write a number with a unit, as in "3d", "12h", "90m" or "1w"; "0" for none.';
export const MOMENT_FORM =
  'Write a date, as in "2026-01-31", which means its first moment in UTC, or a time with its zone, as in "2026-01-31T12:00:00Z".';

/** Longest minimum age that is believed to be meant: a hundred years. */
const MAX_DURATION_MS = 100 * 365 * 24 * 3600 * 1000;
const UNITS: readonly (readonly [RegExp, number])[] = [
  [/^(?:s|secs?|seconds?)$/, 1000],
  [/^(?:m|mins?|minutes?)$/, 60_000],
  [/^(?:h|hours?)$/, 3_600_000],
  [/^(?:d|days?)$/, 86_400_000],
  [/^(?:w|weeks?)$/, 604_800_000],
];

/**
 * Reads a length of time: numbers with units, such as "3d", "1d 12h", "2 weeks", or the days and times of ISO 8601, such
 * as "P3D" and "PT12H". A bare number other than 0 is none, as nobody can tell its unit.
 * @returns milliseconds; undefined when the text is no such length
 */
export function parseDuration(raw: string): number | undefined {
  const text = raw.trim().toLowerCase();
  if (text === '0') return 0;
  const iso = /^p(?:(?<weeks>\d+w))?(?<days>\d+d)?(?:t(?<times>(?:\d+[hms])+))?$/.exec(text)?.groups;
  const plain = iso ? `${iso['weeks'] ?? ''}${iso['days'] ?? ''}${iso['times'] ?? ''}` : text;
  if (!/^(?:\d+(?:\.\d+)?\s*[a-z]+[\s,]*){1,6}$/.test(plain)) return undefined;
  let total = 0;
  for (const [, amount = '', unit = ''] of plain.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/g)) {
    const found = UNITS.find(([names]) => names.test(unit));
    if (!found) return undefined;
    total += Number(amount) * found[1];
  }
  return total <= MAX_DURATION_MS ? Math.round(total) : undefined;
}

/**
 * Reads a moment that is the same on every machine: a date in UTC, or a time that names its zone.
 * @returns undefined when the text is none
 */
export function parseMoment(raw: string): Date | undefined {
  const text = raw.trim();
  const parts = /^(\d{4}-\d\d-\d\d)(?:[Tt ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:[Zz]|[+-]\d\d:?\d\d))?$/.exec(
    text,
  );
  const [, day = ''] = parts ?? [];
  // The calendar of Date rolls 31 February over into March.
  const midnight = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(midnight.getTime()) || midnight.toISOString().slice(0, 10) !== day) return undefined;
  const moment = new Date(text.replace(' ', 'T'));
  return Number.isNaN(moment.getTime()) ? undefined : moment;
}

interface Reader<T> {
  readonly read: (raw: string) => T | undefined;
  readonly form: string;
}

function oneOf<T extends string>(choices: readonly T[]): Reader<T> {
  return { read: raw => choices.find(choice => choice === raw), form: `It can be ${choices.join(', ')}.` };
}

function refuse<T>(
  key: keyof WrittenResolution,
  raw: string,
  { reader, place }: { reader: Reader<T>; place: Place },
): never {
  throw new PrompdError(place.code, `${place.nameOf(key)} cannot be "${raw.slice(0, 100)}".`, {
    facts: { setting: place.nameOf(key), found: raw.slice(0, 100) },
    hint: reader.form,
  });
}

function withoutUndefined<T extends object>(values: { [Key in keyof T]: T[Key] | undefined }): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
}
