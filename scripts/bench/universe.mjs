// Makes a universe of prompt packages: the same one for the same numbers, in layers without cycles, with texts of a
// prompt's usual size. Other generators may be used as well, if what they write has this shape:
//   universe.json   {name: packument with versions[v].dist.file and versions[v].prompd}
//   roots.json      {name: range}: what the project that is installed asks for
//   tarballs/       the archives
import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { tarOf } from './tar.mjs';
import { promptText } from './texts.mjs';

const SCOPES = ['@acme/', '@bank/', '@common/', '@tools/', '@lab/', ''];
const TOPICS = [
  'review',
  'summary',
  'triage',
  'extract',
  'classify',
  'translate',
  'explain',
  'plan',
  'score',
  'answer',
];
const CATEGORIES = ['development', 'writing', 'analysis', 'security'];
const RANGES = ['^1.0.0', '^1.0.0', '^1.0.0', '^1.1.0', '~1.2.0', '>=1.0.0 <3', '1.x', '^2.0.0'];
/** How far down a package looks for what it depends on. */
const REACH = 220;
const LEAVES = 10;

/**
 * @param {string} out folder, replaced
 * @param {{packages: number, versions: number, roots: number}} size
 */
export function makeUniverse(out, { packages, versions, roots }) {
  const random = generator(20_261_121);
  const names = Array.from({ length: packages }, (_, index) => nameOf(index));
  const aside = `${out}.new`;
  rmSync(aside, { recursive: true, force: true });
  mkdirSync(path.join(aside, 'tarballs'), { recursive: true });
  const universe = {};
  for (const [index, name] of names.entries()) {
    const targets = dependenciesOf(index, packages, random);
    const numbers = Array.from({ length: versions }, (_, at) => versionOf(at));
    const document = { name, 'dist-tags': { latest: numbers.at(-1) }, versions: {} };
    for (const version of numbers) {
      const dependencies = Object.fromEntries(targets.map(target => [names[target], pick(RANGES, random)]));
      document.versions[version] = writeVersion(aside, { index, name, version, dependencies, random });
    }
    universe[name] = document;
  }
  const asked = {};
  for (let at = 0; at < roots; at++) asked[names[Math.floor((at * packages) / roots / 2)]] = '^1.0.0';
  writeFileSync(path.join(aside, 'universe.json'), JSON.stringify(universe));
  writeFileSync(path.join(aside, 'roots.json'), JSON.stringify(asked, null, 2));
  rmSync(out, { recursive: true, force: true });
  renameSync(aside, out);
}

function writeVersion(out, { index, name, version, dependencies, random }) {
  const prompts = {};
  const files = {};
  for (let at = 0; at <= index % 3; at++) {
    const id = `${TOPICS[(index + at) % TOPICS.length]}-${at}`;
    prompts[id] = `./prompts/${id}.prompd`;
    files[`prompts/${id}.prompd`] = promptText(id, version, random);
  }
  const keywords = Object.keys(prompts).map(id => id.split('-')[0]);
  const shared = {
    name,
    version,
    description: `Prompts for ${keywords.join(', ')}`,
    license: 'MIT',
    keywords,
    dependencies,
  };
  const manifest = {
    ...shared,
    author: 'Bench <bench@example.com>',
    category: pick(CATEGORIES, random),
    prompts,
  };
  const archive = gzipSync(
    tarOf({
      'prompd.json': JSON.stringify(manifest, null, 2),
      'package.json': JSON.stringify(shared, null, 2),
      'README.md': `# ${name}\n\n${shared.description}\n`,
      ...files,
    }),
    { level: 9 },
  );
  const file = `${name.replace('/', '__')}-${version}.tgz`;
  writeFileSync(path.join(out, 'tarballs', file), archive);
  const dist = {
    file,
    integrity: `sha512-${createHash('sha512').update(archive).digest('base64')}`,
    shasum: createHash('sha1').update(archive).digest('hex'),
    fileCount: 3 + Object.keys(files).length,
  };
  return { ...shared, prompd: manifest, dist };
}

function nameOf(index) {
  const round = Math.floor(index / TOPICS.length);
  return `${SCOPES[index % SCOPES.length]}${TOPICS[index % TOPICS.length]}-${round}`;
}

/** Packages with a higher index only: no cycles, and layers as deep as the universe is large. */
function dependenciesOf(index, packages, random) {
  if (index >= packages - LEAVES) return [];
  const found = new Set();
  const count = Math.floor(random() * 7);
  const reach = Math.min(packages - index - 1, REACH);
  for (let at = 0; at < count; at++) found.add(index + 1 + Math.floor(random() ** 2 * reach));
  return [...found].filter(target => target < packages);
}

function versionOf(at) {
  if (at < 2) return `1.${at}.0`;
  return at < 4 ? `1.2.${at}` : `2.0.${at}`;
}

function pick(list, random) {
  return list[Math.floor(random() * list.length)];
}

/** Mulberry32: small, and the same everywhere. */
function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
