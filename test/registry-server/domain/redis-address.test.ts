import test from 'ava';
import { parseRedisUrl } from '#server/domain/redis-address.js';

const NOBODY = { username: undefined, password: undefined, master: undefined };

for (const [url, expected] of [
  [
    'redis://cache.example.com',
    {
      kind: 'standalone',
      hosts: [{ host: 'cache.example.com', port: 6379 }],
      tls: false,
      ...NOBODY,
      database: 0,
    },
  ],
  [
    'rediss://app:p%40ss@cache.example.com:6380/3',
    {
      kind: 'standalone',
      hosts: [{ host: 'cache.example.com', port: 6380 }],
      tls: true,
      username: 'app',
      password: 'p@ss',
      master: undefined,
      database: 3,
    },
  ],
  [
    'redis+sentinel://:secret@a.example.com,b.example.com:26380/mymaster/1',
    {
      kind: 'sentinel',
      hosts: [
        { host: 'a.example.com', port: 26_379 },
        { host: 'b.example.com', port: 26_380 },
      ],
      tls: false,
      username: undefined,
      password: 'secret',
      master: 'mymaster',
      database: 1,
    },
  ],
  [
    'rediss+cluster://[::1]:7000,10.0.0.2:7001',
    {
      kind: 'cluster',
      hosts: [
        { host: '::1', port: 7000 },
        { host: '10.0.0.2', port: 7001 },
      ],
      tls: true,
      ...NOBODY,
      database: 0,
    },
  ],
] as const) {
  test(`${url} is understood`, t => {
    t.deepEqual(parseRedisUrl(url), expected);
  });
}

for (const url of [
  'http://cache.example.com',
  'redis://',
  'redis://a.example.com,b.example.com',
  'redis://a.example.com:99999',
  'redis://a.example.com/words',
  'redis+sentinel://a.example.com',
  'redis+cluster://a.example.com/1',
  'redis://user:%zz@a.example.com',
]) {
  test(`${url} is refused, and nothing of it is repeated`, t => {
    const error = t.throws(() => parseRedisUrl(url), { code: 'ECONFIG' });
    t.false(JSON.stringify([error?.message, error]).includes('a.example.com'));
  });
}
