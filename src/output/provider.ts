import type { ProviderInfo, RemovedProvider } from '../ops/models/providers.js';
import { printable } from './error.js';
import type { Style } from './style.js';

/** One line a provider: name, kind, default model, where its key is, address. */
export function providerListText(providers: readonly ProviderInfo[], style: Style): string {
  const rows = providers.map(provider => [
    provider.name,
    provider.kind,
    provider.model ?? '-',
    keyText(provider),
    provider.baseUrl ?? '-',
  ]);
  const widths = [0, 1, 2, 3].map(column => Math.max(...rows.map(row => row[column]?.length ?? 0)));
  return rows
    .map((row, index) => {
      const [name = '', ...rest] = row.map((cell, column) => printable(cell).padEnd(widths[column] ?? 0));
      const mark = providers[index]?.default ? '*' : ' ';
      return `${mark} ${style.name(name)}  ${rest.join('  ')}`.trimEnd();
    })
    .join('\n');
}

/** Everything that is known of a provider, but for its key. */
export function providerText(provider: ProviderInfo, style: Style): string {
  const { name, kind, baseUrl, model, headers, origin, keyVariables } = provider;
  const rows: [string, string][] = [
    ['kind', kind],
    ['address', baseUrl ?? 'none'],
    ['model', model ?? 'none by default'],
    ['key', keyText(provider)],
    ...(keyVariables.length === 0 ? [] : [['variables', keyVariables.join(', ')] satisfies [string, string]]),
    ...Object.entries(headers).map(([header, value]): [string, string] => ['header', `${header}: ${value}`]),
    ['defined', origin === 'user' ? 'in your config.json' : 'built in'],
  ];
  const width = Math.max(...rows.map(([label]) => label.length)) + 1;
  const lines = rows.map(
    ([label, value]) => `  ${style.dim(`${label}:`)}${' '.repeat(width - label.length)}${printable(value)}`,
  );
  return [style.name(printable(name)), ...lines].join('\n');
}

/** What was removed. */
export function removedProviderText({ name, definition, key }: RemovedProvider, style: Style): string {
  const what = [definition ? 'its definition' : '', key ? 'its key' : ''].filter(part => part !== '');
  return `Removed ${style.name(name)}: ${what.join(' and ')}.`;
}

function keyText({ kind, key, keyFault }: Pick<ProviderInfo, 'kind' | 'key' | 'keyFault'>): string {
  if (kind === 'echo') return 'needs none';
  if (keyFault !== null) return 'cannot be used';
  if (key === null) return 'none';
  return key.kind === 'store' ? 'credential store' : `variable ${key.name}`;
}
