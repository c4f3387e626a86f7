import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import test from 'ava';
import { RemoteIssuerKeys } from '#server/adapters/remote-issuer-keys.js';

for (const endless of ['/.well-known/openid-configuration', '/jwks']) {
  test(`an issuer whose ${endless} never ends is given up soon, and no key is had from it`, async t => {
    let sent = 0;
    const server = createServer((request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      if (request.url !== endless)
        return response.end(JSON.stringify({ issuer: url, jwks_uri: `${url}/jwks` }));
      const piece = Buffer.alloc(64 * 1024, ' ');
      const talk = () => {
        while (!response.destroyed) {
          sent += piece.length;
          if (!response.write(piece)) return response.once('drain', talk);
        }
      };
      return talk();
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    t.teardown(() => {
      server.closeAllConnections();
      server.close();
    });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await t.throwsAsync(async () => {
      const keys = await new RemoteIssuerKeys().ofIssuer(url);
      await keys({ alg: 'RS256', kid: 'one' }, { payload: '', signature: '' });
    });
    t.true(sent < 16 * 1024 * 1024, 'what lies in buffers on the way, and no more');
  });
}
