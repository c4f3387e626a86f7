import { setTimeout as sleep } from 'node:timers/promises';
import { RequestError } from '../domain/problem-document.js';
import { MAX_STREAMS } from '../settings.js';
import type { Call } from './route.js';

/** Milliseconds between two looks at the run, which any server may work on. */
const LOOK = 500;
/** Milliseconds after which a line says that the stream lives. */
const ALIVE = 15_000;
/** Streams that this server has open. */
let open = 0;

/** What an event says of a run. */
interface Revision {
  readonly revision: number;
  readonly state: string;
}

const OVER = ['done', 'failed', 'cancelled'];

/**
 * Sends a run whenever it has changed, until it is over. An event's id is the run's revision: a client that comes back
 * with `Last-Event-ID` hears of what is newer.
 * @param read throws where the caller may not see the run any more
 * @throws RequestError EUNAVAILABLE for one stream too many
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export async function sendRunEvents(
  { request, response, services }: Call,
  read: () => Promise<Revision>,
): Promise<void> {
  if (open >= MAX_STREAMS) {
    throw new RequestError('EUNAVAILABLE', 'Too many streams are open.', { facts: { limit: MAX_STREAMS } });
  }
  // A run that cannot be read is answered as any other request.
  let run = await read();
  let sent = Number(/^\d{1,9}$/.exec(request.get('last-event-id') ?? '')?.[0] ?? -1);
  let isOpen = true;
  response.once('close', () => {
    isOpen = false;
  });
  response
    .status(200)
    .set({ 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    .flushHeaders();
  open += 1;
  try {
    for (let quiet = 0; isOpen && !services.readiness.going.aborted; quiet += LOOK) {
      if (run.revision > sent || (OVER.includes(run.state) && run.revision !== sent)) {
        response.write(`id: ${run.revision}\nevent: run\ndata: ${JSON.stringify(run)}\n\n`);
        sent = run.revision;
        quiet = 0;
      } else if (quiet >= ALIVE) {
        response.write(': alive\n\n');
        quiet = 0;
      }
      if (OVER.includes(run.state)) break;
      await sleep(LOOK, undefined, { signal: services.readiness.going });
      run = await read();
    }
  } catch {
    // The stream has begun: it ends, and the client asks anew.
  } finally {
    open -= 1;
    response.end();
  }
}
