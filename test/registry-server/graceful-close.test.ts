import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import test from 'ava';
import { closeServer, keepAnswers, listen } from '#server/http-server.js';

const SIZE = 32 * 1024 * 1024;

test('answers that a slow reader has not taken yet are sent in full before their connection is closed', async t => {
  const server = createServer((_, response) => response.end(Buffer.alloc(SIZE, 'x')));
  keepAnswers(server);
  const { port } = new URL(await listen(server, 0, '127.0.0.1'));
  const socket = connect(Number(port), '127.0.0.1');
  await once(socket, 'connect');
  const get = 'GET / HTTP/1.1\r\nhost: x\r\n\r\n';
  socket.write(get + get);
  await once(socket, 'readable');
  const closed = closeServer(server, 20_000);
  await delay(200);
  let taken = 0;
  socket.on('data', (bytes: Buffer) => {
    taken += bytes.length;
  });
  await once(socket, 'close');
  await closed;
  t.true(taken > 2 * SIZE, `${taken} bytes`);
});

test('a connection on which nothing is under way is closed at once', async t => {
  const server = createServer((_, response) => response.end('x'));
  keepAnswers(server);
  const { port } = new URL(await listen(server, 0, '127.0.0.1'));
  const socket = connect(Number(port), '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
  await once(socket, 'data');
  const began = Date.now();
  await closeServer(server, 20_000);
  t.true(Date.now() - began < 5_000);
});
