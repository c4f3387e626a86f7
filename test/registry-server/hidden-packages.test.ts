import test from 'ava';
import { z } from 'zod';
import { allRoutes } from '#server/app.js';
import { archiveBody, jsonBody, packTest, startTestRegistry } from '../support/registry.js';
import { governedScene, SMALL } from './governed-scene.js';
import { addressIn, bodyFor, governedThings } from './role-requests.js';

const undo: Array<() => void | Promise<void>> = [];
const registry = await startTestRegistry({ teardown: step => undo.unshift(step) });
const scene = governedScene(registry);
await scene.people();
await scene.project('bank');
const things = await governedThings(scene);
await registry.publish({ name: '@open/base', version: '1.0.0' });
await registry.publish(
  { name: '@quiet/zzq', version: '1.0.0', dependencies: { '@open/base': '*' } },
  {},
  '?access=private',
);
test.after.always('the registry stops', async () => {
  for (const step of undo) await step();
});

/** What is there and hidden, and what is not there, by names of one length: of a project, and of nobody's scope. */
const PAIRS = [
  ['@bank/kyc', '@bank/abc'],
  ['@quiet/zzq', '@quiet/zzr'],
] as const;

const WHO: Readonly<Record<string, () => Promise<string | null>>> = {
  nobody: async () => null,
  'an outsider': () => registry.tokenOf('eve', 'publish'),
  'a member whose role was taken': tokenOfLeaver,
  'a member for another package': tokenOfNeighbour,
  "a member's token for another package": tokenForAnother,
};

/** Requests that name a package elsewhere than in their address. */
const REQUESTS: readonly (readonly [method: string, path: string, body?: object])[] = [
  ['GET', '/packages?q=NAME'],
  ['GET', '/packages?q=WORD'],
  ['GET', '/-/facets?q=WORD'],
  ['GET', '/npm/-/v1/search?text=WORD'],
  ['GET', '/approvals?package=NAME'],
  ['GET', '/advisories?package=NAME'],
  ['GET', '/log/entries'],
  ['GET', '/me/worklist'],
  ['GET', '/projects'],
  ['GET', '/packages/@open%2Fbase/dependents'],
  ['GET', '/packages/@open%2Fbase/impact'],
  ['POST', '/-/resolve', { requirements: { NAME: ['*'] } }],
  ['POST', '/-/tarballs', { packages: ['NAME@1.0.0'] }],
  ['POST', '/-/npm/v1/security/advisories/bulk', { NAME: ['1.0.0'] }],
  ['POST', '/log/proofs', { packages: [{ name: 'NAME', version: '1.0.0' }] }],
  ['POST', '/delivery/batch', { prompts: [{ package: 'NAME', prompt: 'summary' }] }],
  [
    'POST',
    '/delivery/feedback',
    { package: 'NAME', prompt: 'summary', version: '1.0.0', outcome: 'accepted' },
  ],
  ['POST', '/advisories', { package: 'NAME', vulnerable: '1.x', severity: 'low', title: 'x' }],
  ['POST', '/-/oidc/exchange', { token: 'none', package: 'NAME' }],
];

const addressed = allRoutes().filter(({ path }) => /:name|:module/.test(path));

for (const [who, tokenOf] of Object.entries(WHO)) {
  test.serial(
    `${who} is answered of a private package as of one that is not there, at each address`,
    async t => {
      const token = await tokenOf();
      // Who is nobody is told to say who they are, whatever they would change.
      const asked = token === null ? addressed.filter(({ method }) => method === 'get') : addressed;
      for (const route of asked) {
        const init = await bodyFor(route, things);
        const query = /^compare(?:Module|Versions)$/.test(route.id) ? '?from=1.0.0&to=1.0.0' : '';
        const said = await told(PAIRS[0], token, name => {
          const values = { ...things.values, name, module: wordOf(name), file: `${wordOf(name)}-1.0.0.tgz` };
          return [`${addressIn(route.path, { ...things, values })}${query}`, init];
        });
        t.deepEqual(said[0], said[1], `${route.method} ${route.path}`);
      }
    },
  );

  test.serial(
    `${who} is answered of a private package as of one that is not there, wherever it is named`,
    async t => {
      const token = await tokenOf();
      for (const pair of PAIRS) {
        for (const [method, path, body] of REQUESTS) {
          const said = await told(pair, token, name => [
            path.replace('NAME', encodeURIComponent(name)).replace('WORD', wordOf(name)),
            body ? jsonBody(method, JSON.parse(JSON.stringify(body).replace('NAME', name))) : { method },
          ]);
          t.deepEqual(said[0], said[1], `${method} ${path} ${pair[0]}`);
        }
      }
    },
  );
}

test.serial('who may not publish in a project is told so alike of each name in its scope', async t => {
  for (const tokenOf of Object.values(WHO)) {
    const token = await tokenOf();
    const bytes = new Map<string, Uint8Array>();
    for (const name of PAIRS[0])
      bytes.set(name, (await packTest({ name, version: '3.0.0', feat: SMALL })).bytes);
    const said = await told(PAIRS[0], token, name => [
      '/packages',
      archiveBody(bytes.get(name) ?? Buffer.of()),
    ]);
    t.deepEqual(said[0], said[1]);
    t.true([401, 403].includes(said[0]?.status ?? 0));
  }
});

test.serial('who wrote a version and is no member any more knows nothing of its request', async t => {
  const token = await registry.tokenOf('leo', 'publish');
  const role = await scene.ask('amy', 'POST', '/projects/bank/grants', { user: 'leo', role: 'editor' });
  const { id: grant } = z.object({ id: z.number() }).parse(await role.json());
  const { bytes } = await packTest({ name: '@bank/kyc', version: '1.2.0', feat: SMALL });
  const asked = await registry.request('/packages', { ...archiveBody(bytes), token });
  const { approval } = z
    .object({ approval: z.looseObject({ id: z.string(), digest: z.string() }) })
    .parse(await asked.json());
  const seen = async (rest: string, init: RequestInit = {}) =>
    (await registry.request(`/approvals/${approval.id}${rest}`, { ...init, token })).status;
  t.is(await seen('/archive'), 200);
  await scene.ask('amy', 'DELETE', `/projects/bank/grants/${grant}`);
  for (const rest of ['', '/archive', '/comparison']) t.is(await seen(rest), 404, rest);
  t.is(await seen('/withdrawal', jsonBody('POST', {})), 404);
  const list = await (await registry.request('/approvals', { token })).json();
  t.deepEqual(list, { approvals: [] });
});

/** What is answered of each name, but for the name and what is different in every answer. */
async function told(
  names: readonly [string, string],
  token: string | null,
  requestOf: (name: string) => [path: string, init: RequestInit],
) {
  const ask = async (name: string) => {
    const [path, init] = requestOf(name);
    const body = typeof init.body === 'string' ? init.body.replaceAll('@bank/kyc', name) : init.body;
    const answer = await registry.request(path, { ...init, ...(body ? { body } : {}), token });
    const plain = (text: string) =>
      text
        .replaceAll(name, 'NAME')
        .replaceAll(encodeURIComponent(name), 'NAME')
        .replaceAll(wordOf(name), 'WORD')
        .replace(/"(?:instance|timestamp|signature)":(?:"[^"]*"|\d+)/g, '');
    const headers = [...answer.headers].filter(([key]) => !['date', 'x-request-id'].includes(key));
    return {
      status: answer.status,
      headers: headers.map(([key, value]) => `${key}: ${plain(value)}`),
      text: plain(await answer.text()),
    };
  };
  return Promise.all(names.map(ask));
}

/** A name without its scope. */
function wordOf(name: string): string {
  return name.slice(name.indexOf('/') + 1);
}

async function tokenOfLeaver(): Promise<string> {
  const token = await registry.tokenOf('lea', 'publish');
  const grant = await scene.ask('amy', 'POST', '/projects/bank/grants', { user: 'lea', role: 'editor' });
  const { id } = z.object({ id: z.number() }).parse(await grant.json());
  const seen = await registry.request('/packages/@bank%2Fkyc', { token });
  if (seen.status !== 200) throw new Error(`a member does not see it: ${seen.status}`);
  await registry.request('/delivery/@bank%2Fkyc/summary', { token });
  await scene.ask('amy', 'DELETE', `/projects/bank/grants/${id}`);
  return token;
}

async function tokenOfNeighbour(): Promise<string> {
  const token = await registry.tokenOf('oto', 'publish');
  const grant = { user: 'oto', role: 'editor', package: '@bank/else' };
  await scene.ask('amy', 'POST', '/projects/bank/grants', grant);
  return token;
}

async function tokenForAnother(): Promise<string> {
  const limited = { name: 'narrow', user: 'ann', scopes: ['publish'], packages: ['@bank/else'] };
  const answer = await registry.request('/tokens', jsonBody('POST', limited));
  return z.object({ token: z.string() }).parse(await answer.json()).token;
}
