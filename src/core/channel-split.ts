import { hash } from 'node:crypto';

/** Of a channel that is split over two versions: what it points at, or the version that is tried beside it. */
export type SplitVariant = 'a' | 'b';

export interface SplitShare {
  readonly package: string;
  /** The channel. */
  readonly tag: string;
  /** How many of a hundred keys get `b`. */
  readonly weight: number;
}

/**
 * Which version a key gets of a channel that is split. The same key always gets the same one, on every machine; raising
 * the weight moves keys from `a` to `b` only. Keys are spread anew in each channel of each package.
 * @param key whatever tells users, sessions or requests apart
 */
export function splitVariant(key: string, { package: name, tag, weight }: SplitShare): SplitVariant {
  const drawn = Number.parseInt(hash('sha256', `${name}\n${tag}\n${key}`).slice(0, 8), 16) / 2 ** 32;
  return drawn < weight / 100 ? 'b' : 'a';
}
