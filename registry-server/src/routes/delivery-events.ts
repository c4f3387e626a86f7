import { RequestError } from '../domain/problem-document.js';
import { eventsQuery } from './delivery-schemas.js';
import { defineRoute } from './route.js';

export const deliveryEventRoutes = [
  defineRoute({
    method: 'get',
    path: '/delivery/events',
    id: 'followDeliveries',
    summary: 'Server-sent events of what changes about what is delivered',
    action: 'package.read',
    survivesOutage: true,
    query: eventsQuery,
    answers: { 200: { description: 'The events', contentType: 'text/event-stream' } },
    async handle({ query: { packages, lastEventId } }, { actor, credentials, services, request, response }) {
      const { streams } = services.delivery;
      streams.assertRoom();
      const lastId = eventId(request.get('last-event-id') ?? lastEventId);
      request.socket.setNoDelay(true);
      response.status(200).set({
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        // Proxies that collect answers would keep events from being heard of.
        'x-accel-buffering': 'no',
      });
      response.flushHeaders();
      if (request.method === 'HEAD') {
        response.end();
        return;
      }
      const remove = streams.add(
        {
          actor,
          credentials,
          packages: packages && new Set(packages),
          waiting: () => response.writableLength,
          write: text => {
            response.write(text);
          },
          close: () => response.end(() => request.socket.destroySoon()),
        },
        lastId,
      );
      response.once('close', remove);
    },
  }),
];

/** @throws RequestError EBADREQUEST for what is no id of an event */
function eventId(raw: string | undefined): number | undefined {
  if (raw === undefined || raw === '') return undefined;
  if (/^\d{1,15}$/.test(raw)) return Number(raw);
  throw new RequestError('EBADREQUEST', 'The id of the last event is no number that this registry gave.');
}
