import { readFileSync } from 'node:fs';
import { makeContext } from '../../../dist/cli/context.js';
import { parseVersion } from '../../../dist/core/version.js';
import { serveLanguage } from '../../../dist/lsp/language-server.js';

/** Of the extension, which has the version of the prompd that it was built from. */
function ownVersion(): string {
  const file = new URL('../../package.json', import.meta.url);
  const manifest: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const known = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return known ? String(manifest.version) : '0.0.0';
}

const flags = { json: false, verbose: false, quiet: true, cwd: undefined, registry: undefined };
const version = parseVersion(ownVersion());
await serveLanguage(await makeContext(flags, process, { version, toleratesBadConfig: true }));
