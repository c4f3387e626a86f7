import { askAdvisories } from '../advisories.js';
import { getArchive } from '../archive.js';
import { noAudit } from '../audit.js';
import { noChannels } from '../channels.js';
import { noCompatibility } from '../compatibility.js';
import { noGovernance } from '../governance.js';
import { type HttpOptions, httpClient } from '../http.js';
import { askKeys } from '../keys.js';
import { noProjects } from '../projects.js';
import type { Registry } from '../registry.js';
import { noTrust } from '../trust.js';
import { noUsers } from '../users.js';
import { noWebhooks } from '../webhooks.js';
import { whoami } from './account.js';
import { npmAdvisories } from './advisories.js';
import { npmChanges } from './changes.js';
import { unsupported } from './document.js';
import { npmError } from './error.js';
import { login } from './login.js';
import { type SecondFactor, withSecondFactor } from './one-time-password.js';
import { getPackument } from './packument.js';
import { publish } from './publish.js';
import { search } from './search.js';
import { npmTokens } from './tokens.js';

export interface NpmRegistryOptions extends HttpOptions {
  /** The name it is configured under. */
  readonly alias: string;
  /** Whether packuments must hold the times of publication, which the short form may lack. */
  readonly needsTimes: boolean;
  readonly secondFactor?: SecondFactor | undefined;
}

const NO_SECOND_FACTOR: SecondFactor = { given: undefined, prompts: undefined };

/**
 * A registry that speaks npm's protocol: npmjs, Verdaccio, GitHub Packages, Artifactory, and the bundled one below
 * `/npm/`. A prompd package is a valid npm package, so each of them can hold it.
 * @see https://github.com/npm/registry/blob/main/docs/REGISTRY-API.md
 */
export function npmRegistry(options: NpmRegistryOptions): Registry {
  const { alias, registryUrl: url, needsTimes, secondFactor = NO_SECOND_FACTOR } = options;
  const http = httpClient(options);
  const place = { http, url };
  // Also what only reads may be a POST: a password is for what changes something.
  const guarded = { http: withSecondFactor(http, url, secondFactor), url };
  return {
    alias,
    url,
    packument: (name, etag) => getPackument(place, { name, etag, needsTimes }),
    archive: (metadata, maxBytes, signal) =>
      getArchive(http, {
        metadata,
        maxBytes,
        signal,
        registryUrl: url,
        packagesPath: '',
        refusal: (answer, subject) => npmError(answer, subject, url),
      }),
    publish: request => publish(guarded, request),
    search: (query, signal) => search(place, query, signal),
    keys: () => askKeys(http, url, npmError),
    advisories: installed => askAdvisories(http, url, installed),
    log: async () => undefined,
    login: prompts => login(guarded, prompts),
    changes: npmChanges(guarded),
    tokens: npmTokens(guarded),
    advisoryDesk: npmAdvisories(url),
    webhooks: noWebhooks(async () => {
      throw unsupported('have webhooks that tell of prompd packages', url, 'A prompd registry has them.');
    }),
    governance: noGovernance(async () => {
      throw unsupported('approve versions and move channels', url, 'A prompd registry does.');
    }),
    compatibility: noCompatibility(async () => {
      throw unsupported('keep which prompts work with which models', url, 'A prompd registry does.');
    }),
    projects: noProjects(async () => {
      throw unsupported('have projects with roles', url, 'A prompd registry has them.');
    }),
    channels: noChannels(async () => {
      throw unsupported('deliver prompts by channels', url, 'A prompd registry does.');
    }),
    audit: noAudit(async () => {
      throw unsupported('tell who did what', url, 'A prompd registry does.');
    }),
    trust: noTrust(async () => {
      throw unsupported('keep rules of trust for continuous integration', url, 'A prompd registry has them.');
    }),
    users: noUsers(async () => {
      throw unsupported('let prompd manage its users', url, 'A prompd registry does.');
    }),
    whoami: () => whoami(place),
  };
}
