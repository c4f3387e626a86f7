import type { IncomingMessage } from 'node:http';

const labels = new WeakMap<IncomingMessage, string>();

/** Says which route answers a request. @param path as it is mounted, `/packages/:name` */
export function labelRoute(request: IncomingMessage, path: string): void {
  labels.set(request, path);
}

/**
 * The route that answered a request: one of few words, whatever addresses are asked for.
 * @returns `memory` for an answer that was ready, `none` where no route answered
 */
export function routeLabel(request: IncomingMessage): string {
  return labels.get(request) ?? 'none';
}
