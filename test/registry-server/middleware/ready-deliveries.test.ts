import { Socket } from 'node:net';
import test from 'ava';
import { wireRequest } from '#server/middleware/ready-deliveries.js';

const read = (url: string) => wireRequest({ url, headers: {}, socket: new Socket() });

test('a name that is written with escapes takes a closer look, and a value does not', t => {
  t.is(read('/delivery/@a/b/c?tag=x&k%65y=1'), undefined);
  t.is(read('/delivery/@a/b/c?x?k%65y=1'), undefined);
  t.is(read('/delivery/@a/b/c?key=user%2D3')?.key, 'user-3');
});

test('an address is read in time that grows with its length, whatever stands in it', t => {
  for (const one of ['?', '&', 'key=', '%', '?%']) {
    const began = performance.now();
    read(`/delivery/@a/b/c%${one.repeat(200_000)}`);
    t.true(performance.now() - began < 2_000, one);
  }
});
