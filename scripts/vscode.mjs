// Makes the extension for VS Code from the built program, without a network: `node scripts/vscode.mjs [FILE.vsix]`.
// Everything that goes into it is put into editors/vscode/build/ first, which is what `vsce package` sees.
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { rolldown } from 'rolldown';
import { ALIASES, notices, refuseStrays, root, stayInPlace } from './bundling.mjs';

const source = path.join(root, 'editors', 'vscode');
const stage = path.join(source, 'build');
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const target = path.resolve(process.argv[2] ?? path.join(source, 'build', `prompd-${version}.vsix`));

/** Native addons and what no editor's server reaches: where one is asked for, the server does without. */
const SERVER_EXTERNAL =
  /^(?:better-sqlite3|@napi-rs\/keyring|@prompd\/registry-server|ink|react|@modelcontextprotocol\/sdk|ai|@ai-sdk\/[^/]+)(?:\/|$)/;

run(path.join('node_modules', 'typescript', 'bin', 'tsc'), '-p', source);
rmSync(stage, { recursive: true, force: true });
mkdirSync(path.join(stage, 'dist'), { recursive: true });
const server = await bundle({
  input: { main: path.join(source, 'src', 'server.ts') },
  external: SERVER_EXTERNAL,
  plugins: [stayInPlace()],
  output: {
    dir: path.join(stage, 'dist', 'server'),
    format: 'esm',
    entryFileNames: '[name].mjs',
    chunkFileNames: '[name].mjs',
  },
});
const client = await bundle({
  input: path.join(source, 'src', 'extension.ts'),
  external: ['vscode'],
  output: { file: path.join(stage, 'dist', 'extension.cjs'), format: 'cjs' },
});
writeFileSync(path.join(stage, 'dist', 'THIRD-PARTY-NOTICES.txt'), notices([...server, ...client]));
for (const name of ['README.md', 'language-configuration.json', 'syntaxes'])
  cpSync(path.join(source, name), path.join(stage, name), { recursive: true });
for (const name of ['LICENSE', 'prompd.schema.json'])
  copyFileSync(path.join(root, name), path.join(stage, name));
const manifest = JSON.parse(readFileSync(path.join(source, 'package.json'), 'utf8'));
writeFileSync(path.join(stage, 'package.json'), `${JSON.stringify({ ...manifest, version }, null, 2)}\n`);
writeFileSync(path.join(stage, '.vscodeignore'), '*.vsix\n');
run(
  path.join(root, 'node_modules', '@vscode', 'vsce', 'vsce'),
  ...['package', '--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links'],
  ...['--out', target],
);
console.log(target);

async function bundle({ output, ...options }) {
  const build = await rolldown({ cwd: root, platform: 'node', resolve: { alias: ALIASES }, ...options });
  const { output: files } = await build.write({ ...output, minify: true, comments: { legal: false } });
  await build.close();
  refuseStrays(files);
  return files;
}

function run(program, ...args) {
  const cwd = program.includes('vsce') ? stage : root;
  const { status, error } = spawnSync(process.execPath, [program, ...args], { cwd, stdio: ['ignore', 2, 2] });
  if (status === 0) return;
  throw new Error(`${path.basename(program)} failed${error ? `: ${error.message}` : ''}`);
}
