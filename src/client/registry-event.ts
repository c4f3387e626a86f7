/** What a registry tells those who listen. */
export type RegistryEvent =
  /** A channel stands for another version now; null: for none. */
  | { readonly kind: 'move'; readonly package: string; readonly tag: string; readonly version: string | null }
  | { readonly kind: 'revoke'; readonly package: string; readonly version: string }
  /** Something else about a package, such as what its owners say against a version. */
  | { readonly kind: 'change'; readonly package: string }
  /** Events were missed: anything may have changed. */
  | { readonly kind: 'reset' };

/** Reads an event. @returns undefined for one that means nothing here */
export function readEvent(name: string | undefined, data: string): RegistryEvent | undefined {
  if (name === 'reset') return { kind: 'reset' };
  const body = parsed(data);
  const field = (key: string): unknown => (body === undefined ? undefined : Reflect.get(body, key));
  const [packageName, tag, version] = [field('package'), field('tag'), field('version')];
  if (!isWord(packageName)) return undefined;
  if (name === 'move' && isWord(tag) && (version === null || isWord(version)))
    return { kind: 'move', package: packageName, tag, version };
  if (name === 'revoke' && isWord(version)) return { kind: 'revoke', package: packageName, version };
  const isOther = name === 'deprecate' || name === 'change';
  return isOther ? { kind: 'change', package: packageName } : undefined;
}

function parsed(data: string): object | undefined {
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function isWord(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= 300;
}
