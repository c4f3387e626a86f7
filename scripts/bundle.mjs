// Bundles the command line in dist/ into few files under dist/bundle/, and the registry's checking thread into one: finding
// and reading several hundred small modules would be most of what they cost. Each command stays a file of its own, read
// only when it runs. What other programs import (the exports of package.json) is used as it stands in dist/. Does nothing
// when nothing changed.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { ALIASES, dist, notices, refuseStrays, root, stayInPlace } from './bundling.mjs';

const bundle = path.join(dist, 'bundle');
const serverDist = path.join(root, 'registry-server', 'dist');
const serverBundle = path.join(serverDist, 'bundle');
/** What the bundles were made from, and which modules are in which files of the first; not published. */
const recordFile = path.join(dist, '.bundle.json');

/**
 * Loaded from node_modules when a command needs them, as few do: native addons and optional packages, and what is large
 * and loads other files by itself.
 */
const EXTERNAL =
  /^(?:better-sqlite3|@napi-rs\/keyring|@prompd\/registry-server|ink|react|@modelcontextprotocol\/sdk|vscode-languageserver(?:-textdocument)?|ai|@ai-sdk\/[^/]+)(?:\/|$)/;

/** Files of packages, and what stands for them. */
const EXTRAS = [
  // Its messages in fifty languages; what is asked for is English.
  ['/zod/v4/locales/index.js', 'export {};'],
  // Opens a TLS socket when it is loaded, for which Node reads all root certificates; only its proxies need the class.
  ['/http2-wrapper/source/utils/js-stream-socket.js', 'module.exports = undefined;'],
];

const stamp = inputsDigest();

if (!isUpToDate()) {
  const fresh = aside(bundle);
  const program = await bundled(
    { 'run-command-line': path.join(dist, 'cli', 'run-command-line.js') },
    { dir: fresh, format: 'esm', chunkFileNames: '[name].js' },
  );
  // What every start reads is CommonJS: Node has read such a file before it has set up its loader of modules.
  const start = await bundled(
    { main: path.join(dist, 'cli', 'main.js') },
    { dir: fresh, format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: '[name].cjs' },
    id => (/[\\/]run-command-line\.js$/.test(id) ? { id: './run-command-line.js', external: true } : null),
  );
  const output = [...program, ...start];
  refuseStrays(program);
  place(bundle, output);
  const thread = await bundled(
    { 'check-worker': path.join(serverDist, 'adapters', 'check-worker.js') },
    { dir: aside(serverBundle), format: 'esm' },
  );
  refuseStrays(thread);
  // The server's own package may lie anywhere beside this one.
  if (thread.some(({ code }) => /new URL\(["'`]\.\.\//.test(code ?? '')))
    throw new Error('The checking thread looks for files beside its modules, which are elsewhere.');
  place(serverBundle, thread);
  writeFileSync(recordFile, `${JSON.stringify({ stamp, files: modulesOf(output) }, null, 1)}\n`);
}

/** An empty place beside the one that a bundle is to have. */
function aside(folder) {
  const fresh = path.join(path.dirname(folder), '.bundle');
  rmSync(fresh, { recursive: true, force: true });
  return fresh;
}

function place(folder, output) {
  writeFileSync(path.join(path.dirname(folder), '.bundle', 'THIRD-PARTY-NOTICES.txt'), notices(output));
  rmSync(folder, { recursive: true, force: true });
  renameSync(path.join(path.dirname(folder), '.bundle'), folder);
}

async function bundled(input, options, resolveId = () => null) {
  const build = await rolldown({
    cwd: root,
    input,
    platform: 'node',
    external: EXTERNAL,
    resolve: { alias: ALIASES },
    plugins: [{ name: 'stay-out', resolveId }, withoutExtras(), stayInPlace()],
  });
  const { output } = await build.write({
    ...options,
    // Less to read at every start; names stay, for those who read a stack.
    // Less to read at every start; functions keep their names, for those who read a stack.
    minify: { mangle: { keepNames: true } },
    comments: { legal: true, annotation: false, jsdoc: false },
  });
  await build.close();
  return output;
}

/** Leaves out what packages load at every start and nothing here uses. */
function withoutExtras() {
  return {
    name: 'without-extras',
    load: id => EXTRAS.find(([file]) => id.replaceAll(path.sep, '/').endsWith(file))?.[1],
  };
}

function isUpToDate() {
  return (
    existsSync(recordFile) &&
    existsSync(bundle) &&
    existsSync(serverBundle) &&
    JSON.parse(readFileSync(recordFile, 'utf8')).stamp === stamp
  );
}

/** Files of the bundle to the modules in them, by their paths in the checkout. */
function modulesOf(output) {
  const place = id => (path.isAbsolute(id) ? path.relative(root, id).replaceAll(path.sep, '/') : id);
  return Object.fromEntries(output.map(({ fileName, moduleIds = [] }) => [fileName, moduleIds.map(place)]));
}

/** A digest of what the bundle is made from: the compiled files, the locked dependencies, and how it is done. */
function inputsDigest() {
  const hash = createHash('sha256');
  const own = fileURLToPath(import.meta.url);
  const shared = path.join(path.dirname(own), 'bundling.mjs');
  for (const file of [own, shared, path.join(root, 'package-lock.json')]) hash.update(readFileSync(file));
  for (const folder of [dist, serverDist]) {
    for (const name of readdirSync(folder, { recursive: true }).sort()) {
      if (!name.endsWith('.js') || /^(?:\.?bundle|web)[\\/]/.test(name)) continue;
      const { size, mtimeMs } = statSync(path.join(folder, name));
      hash.update(`${name} ${size} ${mtimeMs}\n`);
    }
  }
  return hash.digest('hex');
}
