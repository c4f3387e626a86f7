import test from 'ava';
import { proxyRoute } from '#prompd/registry/proxy-route.js';

const PROXY = 'http://proxy.example.com:3128';
const none = { proxy: undefined, noProxy: undefined };

function proxyOf(address: string, env: Record<string, string>, network = {}): string | undefined {
  return proxyRoute(new URL(address), { env, network: { ...none, ...network } })?.proxy.href;
}

for (const [title, address, env, expected] of [
  ['nothing is set', 'https://a.example.com', {}, undefined],
  ['HTTPS_PROXY', 'https://a.example.com', { HTTPS_PROXY: PROXY }, `${PROXY}/`],
  ['HTTPS_PROXY is not for http', 'http://a.example.com', { HTTPS_PROXY: PROXY }, undefined],
  ['HTTP_PROXY is not for https', 'https://a.example.com', { HTTP_PROXY: PROXY }, undefined],
  ['HTTP_PROXY', 'http://a.example.com', { HTTP_PROXY: PROXY }, `${PROXY}/`],
  ['http_proxy', 'http://a.example.com', { http_proxy: PROXY }, `${PROXY}/`],
  [
    'lower case is stronger',
    'https://a.example.com',
    { https_proxy: PROXY, HTTPS_PROXY: 'http://other:1' },
    `${PROXY}/`,
  ],
  ['an empty variable is none', 'https://a.example.com', { https_proxy: '', HTTPS_PROXY: '' }, undefined],
  ['ALL_PROXY', 'https://a.example.com', { ALL_PROXY: PROXY }, `${PROXY}/`],
  [
    'HTTPS_PROXY is stronger than ALL_PROXY',
    'https://a.example.com',
    { ALL_PROXY: 'http://other:1', HTTPS_PROXY: PROXY },
    `${PROXY}/`,
  ],
  ['without a protocol', 'https://a.example.com', { HTTPS_PROXY: 'proxy.example.com:3128' }, `${PROXY}/`],
  [
    'HTTP_PROXY beside a request to a web server',
    'http://a.example.com',
    { HTTP_PROXY: PROXY, REQUEST_METHOD: 'GET' },
    undefined,
  ],
  ['a folder', 'file:///srv/registry/', { HTTPS_PROXY: PROXY, ALL_PROXY: PROXY }, undefined],
] satisfies [string, string, Record<string, string>, string | undefined][]) {
  test(`the proxy for ${address}, with ${title}, is ${expected}`, t => {
    t.is(proxyOf(address, env), expected);
  });
}

for (const [list, address, isProxied] of [
  ['*', 'https://a.example.com', false],
  ['a.example.com', 'https://a.example.com', false],
  ['A.Example.com', 'https://a.example.com', false],
  ['example.com', 'https://a.example.com', false],
  ['.example.com', 'https://a.example.com', false],
  ['*.example.com', 'https://a.example.com', false],
  ['example.com', 'https://notexample.com', true],
  ['ample.com', 'https://example.com', true],
  ['a.example.com:443', 'https://a.example.com', false],
  ['a.example.com:8443', 'https://a.example.com', true],
  ['a.example.com:8443', 'https://a.example.com:8443', false],
  ['other.example.com, a.example.com', 'https://a.example.com', false],
  ['other.example.com a.example.com', 'https://a.example.com', false],
  ['a.example.com', 'https://a.example.com./', false],
  ['127.0.0.1', 'https://127.0.0.1:4874', false],
  ['127.0.0.1:1', 'https://127.0.0.1:4874', true],
  ['127.0.0.0/8', 'https://127.1.2.3', false],
  ['10.0.0.0/8', 'https://11.0.0.1', true],
  ['10.0.0.0/99', 'https://10.0.0.1', true],
  ['::1', 'https://[::1]:4874', false],
  ['[::1]', 'https://[::1]:4874', false],
  ['fd00::/8', 'https://[fd12::1]', false],
  ['1', 'https://127.0.0.1', true],
  ['', 'https://a.example.com', true],
  [',', 'https://a.example.com', true],
] satisfies [string, string, boolean][]) {
  test(`with NO_PROXY "${list}", ${address} is asked ${isProxied ? 'through the proxy' : 'directly'}`, t => {
    t.is(proxyOf(address, { HTTPS_PROXY: PROXY, NO_PROXY: list }) !== undefined, isProxied);
  });
}

test('the configuration is stronger than the variables of the system', t => {
  const env = { HTTPS_PROXY: 'http://other:1', NO_PROXY: '*' };
  t.is(proxyOf('https://a.example.com', env, { proxy: `${PROXY}/`, noProxy: 'b.example.com' }), `${PROXY}/`);
  t.is(proxyOf('https://b.example.com', env, { proxy: `${PROXY}/`, noProxy: 'b.example.com' }), undefined);
  t.is(proxyOf('https://a.example.com', env, { proxy: `${PROXY}/` }), undefined);
});

for (const address of ['socks5://127.0.0.1:1080', 'http://', 'http:// space', 'ftp://proxy']) {
  test(`a proxy "${address}" is ECONFIG, and what it holds is not shown`, t => {
    const error = t.throws(() => proxyOf('https://a.example.com', { HTTPS_PROXY: address }), {
      code: 'ECONFIG',
    });
    t.regex(error?.message ?? '', /^HTTPS_PROXY/);
  });
}
