import { randomInt } from 'node:crypto';
import { type Advisory, type AuditSeverity, PrompdError } from 'prompd/core';

/** What an admin says of versions of a package. */
export interface AdvisoryText {
  readonly vulnerable: string;
  readonly severity: AuditSeverity;
  readonly title: string;
  readonly text: string;
  readonly patched: string | null;
  readonly url: string | null;
}

/** What changes of an advisory; what is undefined stays. */
export type AdvisoryChanges = { readonly [Key in keyof AdvisoryText]?: AdvisoryText[Key] | undefined };

/** An advisory as it is stored. */
export interface StoredAdvisory extends Advisory {
  /** ISO time of the last change. */
  readonly updated: string;
  readonly publishedBy: string;
}

/** An advisory as the API shows it: what it does not have is null. */
export function advisoryDocument({ patched, url, withdrawn, ...advisory }: StoredAdvisory) {
  return { ...advisory, patched: patched ?? null, url: url ?? null, withdrawn: withdrawn ?? null };
}

/** No vowels and nothing that looks like another character, as people read ids to each other. */
const ALPHABET = '23456789cfghjmpqrvwx';

/**
 * A new id, as in `PSA-2f6h-9cjm-xq3r`.
 * @param random a whole number from 0 up to below its argument
 */
export function makeAdvisoryId(random: (below: number) => number = randomInt): string {
  const group = () => Array.from({ length: 4 }, () => ALPHABET.charAt(random(ALPHABET.length))).join('');
  return `PSA-${group()}-${group()}-${group()}`;
}

/** The number that stands for an id where npm's clients take nothing but numbers: its letters as digits to the base 20. */
export function advisoryNumber(id: string): number {
  return [...id.replace(/^PSA|-/g, '')].reduce((sum, letter) => sum * 20 + ALPHABET.indexOf(letter), 0);
}

/** Whether a text has the form of an id. */
export function isAdvisoryId(raw: string): boolean {
  return /^PSA(?:-[0-9a-z]{4}){3}$/.test(raw);
}

/** The error for an id that no advisory has, or one that the caller may not see. */
export function advisoryNotFound(id: string): PrompdError {
  return new PrompdError('ENOTFOUND', `There is no advisory ${id}.`, {
    facts: { id },
    hint: 'Ids look like "PSA-2f6h-9cjm-xq3r"; upper and lower case count.',
  });
}
