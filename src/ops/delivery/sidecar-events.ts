import type { IncomingMessage, ServerResponse } from 'node:http';
import type { PromptChange } from '../../client/index.js';
import { PrompdError } from '../../core/errors.js';

const HEARTBEAT_MS = 15_000;
const MAX_STREAMS = 1_000;
/** What may wait for somebody who does not read, in bytes. */
const MAX_WAITING = 1024 * 1024;

/** Tells those who listen what changes about the prompts that the sidecar serves. */
export class SidecarEvents {
  readonly #streams = new Map<ServerResponse, ReadonlySet<string> | undefined>();
  #id = 0;
  #heartbeat: NodeJS.Timeout | undefined;

  /** Begins a stream of server-sent events. @throws PrompdError EUSAGE where there are too many */
  open(request: IncomingMessage, response: ServerResponse, { searchParams }: URL): void {
    if (this.#streams.size >= MAX_STREAMS)
      throw new PrompdError('EUSAGE', `More than ${MAX_STREAMS} programs listen already.`);
    const packages = searchParams.get('packages')?.split(',').filter(Boolean);
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
    });
    // The ids are those of this process: what another one told before it cannot be told again.
    response.write(
      request.headers['last-event-id'] === undefined ? ': listening\n\n' : 'event: reset\ndata: {}\n\n',
    );
    this.#streams.set(response, packages && new Set(packages));
    response.once('close', () => this.#streams.delete(response));
    this.#heartbeat ??= setInterval(() => this.#send(() => true, ': still here\n\n'), HEARTBEAT_MS).unref();
  }

  tell(change: PromptChange): void {
    this.#id += 1;
    const [event, data] = eventOf(change);
    const text = `id: ${this.#id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
    this.#send(packages => packages === undefined || packages.has(change.package), text);
  }

  close(): void {
    clearInterval(this.#heartbeat);
    for (const response of this.#streams.keys()) response.end();
  }

  #send(isFor: (packages: ReadonlySet<string> | undefined) => boolean, text: string): void {
    for (const [response, packages] of this.#streams) {
      if (!isFor(packages)) continue;
      if (response.writableLength > MAX_WAITING) response.destroy();
      else response.write(text);
    }
  }
}

function eventOf({ kind, package: name, tag, version, previous }: PromptChange): [string, object] {
  if (kind === 'revoked') return ['revoke', { package: name, version: previous }];
  if (kind === 'deprecated' || tag === null) return ['change', { package: name }];
  return ['move', { package: name, tag, version, previous }];
}
