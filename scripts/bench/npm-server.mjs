// A bare and fast server of the npm protocol over a universe: neutral ground for all clients.
// Arguments: folder of the universe, milliseconds to wait before each answer. Prints its address.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';

const [folder, delay = '0'] = process.argv.slice(2);
const universe = JSON.parse(readFileSync(path.join(folder, 'universe.json'), 'utf8'));
const archives = new Map();
for (const [name, document] of Object.entries(universe)) {
  for (const [version, { dist }] of Object.entries(document.versions)) {
    archives.set(
      `/${name}/-/${name.split('/').at(-1)}-${version}.tgz`,
      readFileSync(path.join(folder, 'tarballs', dist.file)),
    );
  }
}
let documents = new Map();

const server = createServer((request, response) => {
  if (Number(delay) > 0) setTimeout(answer, Number(delay), request, response);
  else answer(request, response);
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const url = `http://127.0.0.1:${server.address().port}`;
  documents = new Map(
    Object.values(universe).map(document => [`/${document.name}`, packument(document, url)]),
  );
  console.log(url);
});

function answer(request, response) {
  const place = decodeURIComponent(request.url.split('?')[0]);
  const archive = archives.get(place);
  if (archive !== undefined) {
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': archive.length });
    return response.end(archive);
  }
  const document = place === '/-/ping' ? Buffer.from('{}') : documents.get(place);
  response.writeHead(document === undefined ? 404 : 200, {
    'content-type': 'application/json',
    'cache-control': 'public, max-age=300',
    ...(document === undefined ? {} : { 'content-length': document.length, etag: `"${document.length}"` }),
  });
  return response.end(document ?? '{"error":"not found"}');
}

function packument(document, url) {
  const versions = Object.entries(document.versions).map(
    ([version, { prompd: _manifest, dist, ...rest }]) => {
      const { file: _file, ...facts } = dist;
      const tarball = `${url}/${document.name}/-/${document.name.split('/').at(-1)}-${version}.tgz`;
      return [version, { ...rest, dist: { ...facts, tarball } }];
    },
  );
  return Buffer.from(
    JSON.stringify({
      ...document,
      versions: Object.fromEntries(versions),
      modified: '2026-01-01T00:00:00.000Z',
    }),
  );
}
