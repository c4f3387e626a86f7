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
    ...textOf(raw, 'version'),
    ...textOf(raw, 'prompt'),
    ...textOf(raw, 'from'),
    ...textOf(raw, 'to'),
  };
}

export function apiSearchOf(raw: Record<string, unknown>): { readonly q?: string } {
  return textOf(raw, 'q');
}

function textOf<K extends string>(raw: Record<string, unknown>, key: K): { readonly [P in K]?: string } {
  const value = raw[key];
  if (typeof value !== 'string' && typeof value !== 'number') return {};
  return { [key]: String(value).slice(0, 400) } as { readonly [P in K]?: string };
}
