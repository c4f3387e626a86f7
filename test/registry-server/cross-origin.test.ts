import test from 'ava';
import { startTestRegistry } from '../support/registry.js';

test('pages of the named origins may ask, with a token of their own and without cookies; others may not', async t => {
  const registry = await startTestRegistry(t, { corsOrigins: ['https://app.example.com'] });
  await registry.publish({ name: '@bank/kyc', version: '1.0.0' });
  const from = (origin: string, init: RequestInit = {}) =>
    registry.request('/packages/@bank%2Fkyc', { token: null, ...init, headers: { ...init.headers, origin } });
  // More than once, as answers are kept: one page's must never be another's.
  for (let round = 0; round < 3; round += 1) {
    const allowed = await from('https://app.example.com');
    t.is(allowed.headers.get('access-control-allow-origin'), 'https://app.example.com');
    t.is(allowed.headers.get('access-control-allow-credentials'), null);
    t.regex(allowed.headers.get('access-control-expose-headers') ?? '', /etag/);
    t.regex(allowed.headers.get('vary') ?? '', /origin/i);
    const refused = await from('https://evil.example.com');
    t.is(refused.status, 200);
    t.is(refused.headers.get('access-control-allow-origin'), null);
  }
  const asked = { 'access-control-request-method': 'PUT', 'access-control-request-headers': 'authorization' };
  const preflight = await from('https://app.example.com', { method: 'OPTIONS', headers: asked });
  t.is(preflight.status, 204);
  t.regex(preflight.headers.get('access-control-allow-methods') ?? '', /PUT/);
  t.regex(preflight.headers.get('access-control-allow-headers') ?? '', /authorization/);
});
