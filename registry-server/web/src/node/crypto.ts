/** Stands in for node:crypto in the browser, where digests are made by the registry alone. */
export function createHash(): never {
  throw new Error('Digests are made by the registry.');
}

/** As {@link createHash}. */
export function hash(): never {
  return createHash();
}
