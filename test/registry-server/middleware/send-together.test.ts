import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import test from 'ava';
import { sendTogether } from '#server/middleware/send-together.js';

const CLIENTS = 8;
const REQUEST = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';

test('of requests that arrive at once all are read before the first is answered, and all are answered', async t => {
  const events: string[] = [];
  const together = sendTogether();
  const server = createServer((_request, response) => {
    events.push('read');
    together(() => {
      events.push('sent');
      response.end('ok');
    });
  });
  const sockets = await connected(server);
  t.teardown(() => void server.close().closeAllConnections());
  events.length = 0;
  for (let round = 0; round < 2; round += 1) {
    const answers = sockets.map(socket => once(socket, 'data'));
    for (const socket of sockets) socket.write(REQUEST);
    for (const [answer] of await Promise.all(answers)) t.regex(String(answer), /^HTTP\/1\.1 200 OK/);
    t.deepEqual(events.splice(0), [...Array(CLIENTS).fill('read'), ...Array(CLIENTS).fill('sent')]);
  }
});

test('a client that went away before its answer keeps nobody from theirs', async t => {
  const together = sendTogether();
  const server = createServer((request, response) => {
    if (request.url === '/gone') request.socket.destroy();
    together(() => response.end('ok'));
  });
  const [gone, other] = await connected(server);
  t.teardown(() => void server.close().closeAllConnections());
  if (!gone || !other) throw new Error('nobody is connected');
  const answer = once(other, 'data');
  gone.write(REQUEST.replace('/', '/gone'));
  other.write(REQUEST);
  t.regex(String((await answer)[0]), /^HTTP\/1\.1 200 OK/);
});

async function connected(server: Server): Promise<Socket[]> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const sockets = Array.from({ length: CLIENTS }, () => connect(port, '127.0.0.1'));
  // Answered once, each connection is known to the server.
  for (const socket of sockets) {
    const answered = once(socket, 'data');
    socket.write(REQUEST);
    await answered;
  }
  return sockets;
}
