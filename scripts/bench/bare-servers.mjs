// What the platform gives at best: a server that only answers. Argument: node or express. Prints its address.
import { createServer } from 'node:http';
import { createRequire } from 'node:module';

const body = Buffer.alloc(2048, 'x');
const handlers = {
  node(_request, response) {
    response.writeHead(200, { 'content-type': 'text/plain', 'content-length': body.length });
    response.end(body);
  },
  get express() {
    const express = createRequire(new URL('../../registry-server/package.json', import.meta.url))('express');
    return express().get('/', (_request, response) => void response.type('text').send(body));
  },
};
const server = createServer(handlers[process.argv[2]]);
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
process.once('SIGTERM', () => process.exit(0));
