// What the bundles of the command line and of the editor's extension have in common.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
export const dist = path.join(root, 'dist');

/** Its CommonJS form asks for its files in a way that no bundler sees. */
export const ALIASES = { 'jsonc-parser': path.join(root, 'node_modules/jsonc-parser/lib/esm/main.js') };

/** A module finds the files beside it from where the compiler put it: a bundle is one level below dist/. */
export function stayInPlace() {
  const from = pathToFileURL(`${dist}${path.sep}`).href;
  return {
    name: 'stay-in-place',
    transform(code, id) {
      const url = pathToFileURL(id).href;
      if (!url.startsWith(from) || !code.includes('import.meta.url')) return null;
      const place = JSON.stringify(`../${url.slice(from.length)}`);
      return code.replaceAll('import.meta.url', `new URL(${place}, import.meta.url).href`);
    },
  };
}

/** Files are to be in a bundle, or named as external: those that are asked for at run time would be missing. */
export function refuseStrays(output) {
  const strays = output
    .filter(({ code }) => /\brequire\w*\(["'`]\./.test(code ?? ''))
    .map(({ fileName }) => fileName);
  if (strays.length > 0) throw new Error(`Files that are asked for at run time are not bundled: ${strays}`);
}

/** The names and licences of the packages whose code is in a bundle. */
export function notices(output) {
  const folders = new Set(
    output
      .flatMap(({ moduleIds = [] }) => moduleIds)
      .map(id => /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(id)?.[0])
      .filter(folder => folder !== undefined),
  );
  const texts = [...folders].map(folder => {
    const { name, version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    const files = readdirSync(folder).filter(file => /^(?:licen[cs]e|notice|copying)/i.test(file));
    const text = files.sort().map(file => readFileSync(path.join(folder, file), 'utf8').trim());
    return [`${name} ${version} (${license})`, ...text].join('\n\n');
  });
  const rule = `\n\n${'-'.repeat(78)}\n\n`;
  return `Code of these packages is part of the files in this folder.${rule}${texts.sort().join(rule)}\n`;
}
