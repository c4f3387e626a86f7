import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import { closeServer, listen } from '../http-server.js';
import type { Metrics } from './metrics.js';

export interface MetricsSettings {
  /** 0 takes a free one. */
  readonly port: number;
  readonly host: string;
  /** Without it whoever reaches the port may read. */
  readonly token?: string | undefined;
}

/**
 * Serves `/metrics` on a port of its own, so that what is open to clients never shows them.
 * @returns its address
 * @throws PrompdError EIO when the address cannot be used
 */
export async function serveMetrics(
  metrics: Metrics,
  { port, host, token }: MetricsSettings,
  undo: Array<() => Promise<void>>,
): Promise<string> {
  const server = createServer(async (request, response) => {
    const answer = (status: number, headers: Record<string, string> = {}, body = '') =>
      response.writeHead(status, { 'cache-control': 'no-store', ...headers }).end(body);
    if (request.method !== 'GET' || request.url?.split('?')[0] !== '/metrics') {
      answer(404);
      return;
    }
    if (token !== undefined && !isSame(request.headers.authorization ?? '', `Bearer ${token}`)) {
      answer(401, { 'www-authenticate': 'Bearer realm="metrics"' });
      return;
    }
    try {
      const { contentType, body } = await metrics.text();
      answer(200, { 'content-type': contentType }, body);
    } catch {
      answer(500);
    }
  });
  const url = await listen(server, port, host);
  undo.push(() => closeServer(server, 0));
  return url;
}

/** Takes as long whatever is given. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
