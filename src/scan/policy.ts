import { z } from 'zod';
import { AUDIT_LEVELS, type AuditLevel } from '../core/audit-severity.js';
import { PrompdError } from '../core/errors.js';
import { parseJson } from '../core/json.js';
import { suggest } from '../core/suggest.js';
import { POLICY_FILE } from './policy-file.js';
import { RULES } from './rule-table.js';

/** What somebody decided to live with, and until when. */
export interface Exception {
  /** Exactly one of `rule` and `advisory` is there. */
  readonly rule?: string | undefined;
  readonly advisory?: string | undefined;
  /** Only in this package, by name; everywhere without it. */
  readonly package?: string | undefined;
  /** Only in this file, or, with a slash at the end, below this folder. */
  readonly file?: string | undefined;
  readonly reason: string;
  /** `YYYY-MM-DD`, the last day on which it counts, in UTC; or an ISO time. */
  readonly expires: string;
}

export interface Policy {
  readonly level: AuditLevel | undefined;
  readonly ignore: readonly Exception[];
}

/** What a policy is asked about. */
export interface Judged {
  readonly kind: 'finding' | 'advisory';
  /** Id of the rule or of the advisory. */
  readonly id: string;
  /** Name of the package; undefined for the project's own files. */
  readonly name: string | undefined;
  readonly file: string | undefined;
}

export interface Verdict<T extends Judged> {
  readonly kept: readonly T[];
  readonly ignored: readonly { readonly item: T; readonly exception: Exception }[];
  /** Exceptions that count no more. */
  readonly expired: readonly Exception[];
  /** Exceptions that count and that nothing needs. */
  readonly unused: readonly Exception[];
}

const expires = z
  .union([z.iso.date(), z.iso.datetime({ offset: true })], { error: 'must be a date such as "2027-01-31"' })
  .refine(raw => !Number.isNaN(Date.parse(raw)), { error: 'must be a date such as "2027-01-31"' });

const exceptionSchema = z
  .strictObject({
    rule: z.string().max(100).optional(),
    advisory: z.string().min(1).max(100).optional(),
    package: z.string().min(1).max(214).optional(),
    file: z.string().min(1).max(1000).optional(),
    reason: z.string().trim().min(1, { error: 'must say why' }).max(2000),
    expires,
  })
  .refine(({ rule, advisory }) => (rule === undefined) !== (advisory === undefined), {
    error: 'must name a "rule" or an "advisory", and not both',
  });

const policySchema = z.strictObject({
  $schema: z.string().optional(),
  level: z.enum(AUDIT_LEVELS).optional(),
  ignore: z.array(exceptionSchema).max(10_000).default([]),
});

/**
 * Reads a policy.
 * @param file what to call it in an error
 * @throws PrompdError EBADJSON; ECONFIG for anything that it must not say, or that names a rule there is not
 */
export function readPolicy(text: string, file: string = POLICY_FILE): Policy {
  const parsed = policySchema.safeParse(parseJson(text, file));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const key = issue?.path.map(String).join('.') ?? '';
    throw broken(`${file}: ${key === '' ? '' : `"${key}" `}${issue?.message ?? 'cannot be used'}.`, {
      file,
      key,
    });
  }
  const { level, ignore } = parsed.data;
  const rules = RULES.map(({ id }) => id);
  for (const [index, { rule }] of ignore.entries()) {
    if (rule === undefined || rules.includes(rule)) continue;
    const near = suggest(rule, rules);
    throw broken(
      `${file}: "ignore.${index}.rule" names "${rule}", which is no rule.`,
      { file, key: `ignore.${index}.rule`, found: rule, known: rules },
      near && `Did you mean "${near}"?`,
    );
  }
  return { level, ignore };
}

/** @param now decides which exceptions still count */
export function applyPolicy<T extends Judged>(
  items: readonly T[],
  { ignore }: Pick<Policy, 'ignore'>,
  now: Date,
): Verdict<T> {
  const valid = ignore.filter(exception => endOf(exception) > now.getTime());
  const used = new Set<Exception>();
  const ignored: { item: T; exception: Exception }[] = [];
  const kept = items.filter(item => {
    const exception = valid.find(candidate => covers(candidate, item));
    if (!exception) return true;
    used.add(exception);
    ignored.push({ item, exception });
    return false;
  });
  return {
    kept,
    ignored,
    expired: ignore.filter(exception => !valid.includes(exception)),
    unused: valid.filter(exception => !used.has(exception)),
  };
}

function covers(exception: Exception, { kind, id, name, file }: Judged): boolean {
  const wanted = kind === 'advisory' ? exception.advisory : exception.rule;
  if (wanted !== id) return false;
  if (exception.package !== undefined && exception.package !== name) return false;
  if (exception.file === undefined) return true;
  return exception.file.endsWith('/') ? (file?.startsWith(exception.file) ?? false) : file === exception.file;
}

/** The first moment at which an exception counts no more. */
function endOf({ expires: raw }: Exception): number {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(raw);
  return Date.parse(raw) + (isDay ? 24 * 60 * 60 * 1000 : 0);
}

function broken(
  message: string,
  facts: Record<string, string | readonly string[]>,
  hint = 'docs/scanning.md describes the file.',
): PrompdError {
  return new PrompdError('ECONFIG', message, { facts, hint });
}
