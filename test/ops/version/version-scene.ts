import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setVersion, type VersionOptions, type VersionResult } from '#prompd/ops/version/version.js';
import { testContext } from '../../support/context.js';
import { type Teardown, tempDir } from '../../support/temp.js';

export const WORD = '  - {name: word, type: string, required: true}\n';
export const PROMPT = (parameters = WORD, text = 'Say {{ word }}.') =>
  `---\nname: say\nversion: "1.0.0"\nparameters:\n${parameters}---\n# User\n${text}\n`;
/** With a parameter more, that nobody has to give. */
export const MORE = PROMPT(`${WORD}  - name: tone\n`, 'Say {{ word }} {{ tone | default("") }}.');

/** git as it is where nobody has set anything up. */
export const GIT = {
  PATH: process.env['PATH'] ?? '',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'A',
  GIT_AUTHOR_EMAIL: 'a@example.com',
  GIT_COMMITTER_NAME: 'A',
  GIT_COMMITTER_EMAIL: 'a@example.com',
};

export const DEFAULTS = { git: true, allowSameVersion: false, message: '%s', tagPrefix: 'v', force: false };

/** Where nothing listens: steps that are named ask no registry. */
const NOWHERE = 'http://127.0.0.1:9';

export const manifest = (version: string, name = '@acme/say') => ({
  name,
  version,
  description: 'Says a word',
  license: 'MIT',
  prompts: { say: 'say.prompd' },
});

export function packageDir(t: Teardown, version: string, prompt = PROMPT()): string {
  const dir = tempDir(t);
  writeFileSync(path.join(dir, 'prompd.json'), `${JSON.stringify(manifest(version), null, 2)}\n`);
  writeFileSync(path.join(dir, 'say.prompd'), prompt);
  return dir;
}

/** Raises the version of the package in a folder. @param url of the registry */
export async function step(
  cwd: string,
  word: string,
  options: Partial<VersionOptions> = {},
  url = NOWHERE,
): Promise<VersionResult> {
  const env = { ...GIT, PROMPD_REGISTRY: url };
  const home = path.join(cwd, '.git', 'home');
  return setVersion(await testContext({ cwd, home, env }), { ...DEFAULTS, step: word, ...options });
}

/** What stands in the manifest. */
export const text = (dir: string) => readFileSync(path.join(dir, 'prompd.json'), 'utf8');
export const versionIn = (dir: string): string => JSON.parse(text(dir)).version;
