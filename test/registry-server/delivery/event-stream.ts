import { type ClientRequest, request } from 'node:http';
import type { Teardown } from '../../support/temp.js';

/** An event as a client sees it. */
export interface SeenEvent {
  readonly id: string;
  readonly event: string;
  readonly data: unknown;
}

export interface OpenStream {
  readonly seen: readonly SeenEvent[];
  /** The event once it is there, or undefined when it does not come in time (milliseconds). */
  next(matches: (event: SeenEvent) => boolean, patience?: number): Promise<SeenEvent | undefined>;
  /** When the server ended it. */
  readonly ended: Promise<void>;
  close(): void;
}

/** Listens to server-sent events; resolves when the first one is there. */
export async function openStream(
  t: Teardown,
  url: string,
  headers: Record<string, string> = {},
): Promise<OpenStream> {
  const seen: SeenEvent[] = [];
  const waiting = new Set<() => void>();
  let text = '';
  let asked: ClientRequest | undefined;
  let end: () => void = () => undefined;
  const ended = new Promise<void>(resolve => {
    end = resolve;
  });
  await new Promise<void>((resolve, reject) => {
    asked = request(url, { headers, agent: false }, response => {
      if (response.statusCode !== 200) {
        response.resume();
        reject(new Error(`status ${response.statusCode}`));
        return;
      }
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        for (let at = text.indexOf('\n\n'); at !== -1; at = text.indexOf('\n\n')) {
          const event = parsed(text.slice(0, at));
          text = text.slice(at + 2);
          if (event) seen.push(event);
        }
        resolve();
        for (const look of waiting) look();
      });
      response.once('close', end);
      response.once('error', end);
    });
    asked.once('error', reject).end();
  });
  const close = () => {
    asked?.destroy();
  };
  t.teardown(close);
  return {
    seen,
    ended,
    close,
    next(matches, patience = 5_000) {
      return new Promise(resolve => {
        const done = (event: SeenEvent | undefined) => {
          clearTimeout(timer);
          waiting.delete(look);
          resolve(event);
        };
        const look = () => {
          const event = seen.find(matches);
          if (event) done(event);
        };
        const timer = setTimeout(() => done(undefined), patience);
        waiting.add(look);
        look();
      });
    },
  };
}

function parsed(block: string): SeenEvent | undefined {
  const fields = new Map(
    block.split('\n').flatMap(line => {
      const at = line.indexOf(': ');
      return at > 0 ? [[line.slice(0, at), line.slice(at + 2)] as const] : [];
    }),
  );
  const [id, event, data] = [fields.get('id'), fields.get('event'), fields.get('data')];
  if (event === undefined || data === undefined) return undefined;
  return { id: id ?? '', event, data: JSON.parse(data) as unknown };
}
