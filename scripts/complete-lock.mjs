// Adds to package-lock.json the platform packages that the registry in use does not hold.
// A partial mirror leaves them out of a new lockfile, and `npm ci` then refuses it on every platform. Run it after
// changing dependencies behind such a mirror; elsewhere it finds nothing to add.
import { readFileSync, writeFileSync } from 'node:fs';

const file = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8'));
const OS = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
];
const CPU = ['arm64', 'arm', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'x64', 'wasm32'];

let added = 0;
for (const [place, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (Object.keys(lock.packages).some(key => key.endsWith(`node_modules/${name}`))) continue;
    const words = name.split('/').at(-1).split('-');
    const os = OS.find(known => words.includes(known));
    const cpu = CPU.find(known => words.includes(known));
    if (!/^\d/.test(version) || (!os && !cpu)) {
      console.error(
        `${name}@${version} of ${place} is not a platform package with an exact version: left out`,
      );
      continue;
    }
    lock.packages[`node_modules/${name}`] = {
      version,
      ...(cpu ? { cpu: [cpu] } : {}),
      ...(entry.dev ? { dev: true } : {}),
      license: entry.license,
      optional: true,
      ...(os ? { os: [os] } : {}),
    };
    added += 1;
  }
}
const sorted = Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1));
lock.packages = Object.fromEntries(sorted);
if (added > 0) writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${added} platform packages added`);
