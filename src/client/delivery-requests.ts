import type { ErrorCode } from '../core/error-table.js';
import { PrompdError } from '../core/errors.js';
import type { Delivered, RegistryView } from './delivered.js';
import type { ClientSettings } from './options.js';
import { readJsonBody, requestRegistry } from './registry-requests.js';
import { nameOf, pathOf, type Wanted } from './wanted.js';

/** What came of asking for a prompt. */
export type Asked =
  | {
      readonly kind: 'delivered';
      readonly delivered: Delivered;
      readonly view: RegistryView;
      readonly etag: string | undefined;
    }
  /** What the tag of the question stands for is still what the registry delivers. */
  | { readonly kind: 'unchanged'; readonly view: RegistryView; readonly etag: string };

/**
 * Asks the registry for a prompt.
 * @param etag of the answer that is at hand
 * @param key stands for whoever asks, where nobody said
 * @param signal stops it
 * @throws PrompdError EREVOKED, ENOTFOUND, ENOVERSION, EAUTH, EFORBIDDEN, EINCOMPATIBLE as the registry says; ENETWORK, ETIMEOUT,
 *   EREGISTRY, EBADRESPONSE, EINTEGRITY for what no registry should do
 */
export async function askForPrompt(
  settings: Pick<ClientSettings, 'registry' | 'token' | 'fetch'>,
  wanted: Wanted,
  { etag, key, signal }: { etag: string | undefined; key: string | undefined; signal: AbortSignal },
): Promise<Asked> {
  const headers = etag === undefined ? {} : { 'if-none-match': etag };
  const answer = await requestRegistry(settings, {
    path: pathOf({ ...wanted, key: wanted.key ?? key }),
    headers,
    signal,
  });
  if (answer.status === 304 && etag !== undefined) {
    await answer.body?.cancel().catch(() => {});
    return { kind: 'unchanged', view: viewOf(answer.headers.get('prompd-delivery')), etag };
  }
  const body = await readJsonBody(answer, settings.registry, signal);
  if (answer.status !== 200) throw refusal(answer.status, body, nameOf(wanted), settings.registry);
  // What checks answers is loaded when there is the first to check.
  const { readDelivered } = await import('./delivered.js');
  const { view, ...delivered } = readDelivered(body, wanted);
  return { kind: 'delivered', delivered, view, etag: answer.headers.get('etag') ?? undefined };
}

/** What the header `prompd-delivery` says, a structured field (RFC 9651) as in `stale;source="memory";age=12`. */
function viewOf(header: string | null): RegistryView {
  const age = /;\s*age=(\d{1,15})/.exec(header ?? '')?.[1];
  return { stale: header?.startsWith('stale') ?? false, age: Number(age ?? 0) };
}

/** Codes of problem documents that mean the same here as there. */
const PASSED_ON: readonly ErrorCode[] = [
  'EREVOKED',
  'ENOTFOUND',
  'ENOVERSION',
  'ENOPROMPT',
  'EAUTH',
  'EFORBIDDEN',
  'EINCOMPATIBLE',
];
const BY_STATUS: Readonly<Record<number, ErrorCode>> = { 401: 'EAUTH', 403: 'EFORBIDDEN', 410: 'EREVOKED' };

/** The error that a problem document stands for. A 404 without one comes from something that is no registry. */
export function refusal(status: number, body: unknown, subject: string, registry: string): PrompdError {
  const said = (name: string) => textIn(body, name);
  const named = status >= 500 ? undefined : PASSED_ON.find(code => code === said('code'));
  // What is no problem document does not come from a registry.
  const other = status >= 500 || status === 429 || said('code') !== undefined ? 'EREGISTRY' : 'EBADRESPONSE';
  const code = named ?? BY_STATUS[status] ?? other;
  const version = named === 'EREVOKED' ? textIn(memberOf(body, 'facts'), 'version') : undefined;
  return new PrompdError(code, said('detail') ?? `The registry answered ${status} for ${subject}.`, {
    facts: { prompt: subject, registry, status, ...(version === undefined ? {} : { version }) },
    hint: said('hint'),
  });
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function textIn(value: unknown, name: string): string | undefined {
  const found = memberOf(value, name);
  return typeof found === 'string' ? found.slice(0, 1000) : undefined;
}
