/** Stands in for node:crypto in the browser, where digests are made by the registry alone. */
export function createHash(): never {
  throw new Error('Digests are made by the registry.');
}

export const hash = createHash;
