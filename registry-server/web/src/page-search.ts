/** What the addresses of the public pages may say after the question mark. Anybody may have typed it. */
export const PACKAGE_TABS = [
  'readme',
  'prompts',
  'versions',
  'compare',
  'dependencies',
  'compatibility',
  'usage',
  'security',
] as const;
export type PackageTab = (typeof PACKAGE_TABS)[number];

export interface PackageSearch {
  readonly tab?: PackageTab;
  readonly version?: string;
  readonly prompt?: string;
  readonly from?: string;
  readonly to?: string;
}

export function packageSearchOf(raw: Record<string, unknown>): PackageSearch {
  const tab = PACKAGE_TABS.find(known => known === raw['tab']);
  return {
    ...(tab ? { tab } : {}),
    ...texts(raw, 'version', 'prompt', 'from', 'to'),
  };
}

export function apiSearchOf(raw: Record<string, unknown>): { readonly q?: string } {
  return texts(raw, 'q');
}

/** Those of the keys that the address gives a text for. */
export function texts<Key extends string>(
  raw: Record<string, unknown>,
  ...keys: Key[]
): { [K in Key]?: string } {
  const found: { [K in Key]?: string } = {};
  for (const key of keys) {
    const value = raw[key];
    if (typeof value === 'string' || typeof value === 'number') found[key] = String(value).slice(0, 400);
  }
  return found;
}
