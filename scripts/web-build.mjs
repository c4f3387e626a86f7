// Builds the web interface into registry-server/dist/web with Vite. Does nothing when nothing changed.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { build } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
const web = path.join(root, 'registry-server', 'web');
const target = path.join(root, 'registry-server', 'dist', 'web');
const stampFile = path.join(root, 'registry-server', 'dist', '.web-stamp');

const stamp = digestOf([
  path.join(root, 'package-lock.json'),
  ...filesIn(web),
  // The interface checks and renders with the code of the command line.
  ...['core', 'feat', 'prompt'].flatMap(folder =>
    filesIn(path.join(root, 'dist', folder)).filter(file => file.endsWith('.js')),
  ),
]);
if (!existsSync(target) || !existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== stamp) {
  await build({ configFile: path.join(web, 'vite.config.ts') });
  // Compressed once, and not with each answer.
  for (const file of filesIn(path.join(target, 'assets'))) {
    writeFileSync(`${file}.br`, brotliCompressSync(readFileSync(file)));
  }
  writeFileSync(stampFile, stamp);
}

function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => path.join(entry.parentPath, entry.name))
    .sort();
}

function digestOf(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(path.relative(root, file)).update('\0').update(readFileSync(file));
  return hash.digest('hex');
}
