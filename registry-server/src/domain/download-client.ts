/** What asks for archives, as far as it says so itself. */
export const DOWNLOAD_CLIENTS = [
  'prompd',
  'sdk',
  'registry',
  'npm',
  'pnpm',
  'yarn',
  'bun',
  'browser',
  'other',
] as const;
export type DownloadClient = (typeof DOWNLOAD_CLIENTS)[number];

/** How user agents begin. pnpm, yarn and bun name npm too, so npm comes after them. */
const BEGINNINGS: readonly (readonly [RegExp, DownloadClient])[] = [
  [/^prompd-registry\b/i, 'registry'],
  [/^prompd-(?:client|sdk|serve)\b/i, 'sdk'],
  [/^prompd\b/i, 'prompd'],
  [/^pnpm\//i, 'pnpm'],
  [/^yarn\//i, 'yarn'],
  [/^bun\//i, 'bun'],
  [/^npm\/|\bnpm\//i, 'npm'],
  [/^mozilla\//i, 'browser'],
];

/** One of few words, whatever was sent. */
export function downloadClient(userAgent: string | undefined): DownloadClient {
  return BEGINNINGS.find(([pattern]) => pattern.test(userAgent ?? ''))?.[1] ?? 'other';
}
