import { setTimeout as sleep } from 'node:timers/promises';
import type { Config, RegistryConfig } from '../config/config.js';
import { tokenFor } from '../config/credentials.js';
import { trustStore } from '../config/known-registries.js';
import { checksSignatures } from '../config/signatures.js';
import type { PackageName } from '../core/name.js';
import type { Progress } from '../core/progress.js';
import type { Version } from '../core/version.js';
import { aliasFor } from './alias.js';
import { connectionsOf } from './connections.js';
import type { SecondFactor } from './npm/one-time-password.js';
import { openRegistry, type ProtocolMemory } from './open.js';
import type { LoginPrompts, Registry } from './registry.js';

export { PROTOCOLS, type Protocol } from '../config/config.js';
export { type Trust, trustStore } from '../config/known-registries.js';
export { parseRegistryUrl } from '../config/registry-url.js';
export { aliasFor, boundAlias, openAliases } from './alias.js';
export type { AuditPage, AuditQuery, RegistryAudit } from './audit.js';
export type { FeedbackSummary, SplitChannel } from './channels.js';
export { askCiToken } from './ci-token.js';
export {
  type CompatibilityCell,
  type CompatibilityMatrix,
  type CompatibilityReceipt,
  type CompatibilityRow,
  type CompatibilityRun,
  cellFor,
  type TestedTarget,
} from './compatibility.js';
export { connectionsOf } from './connections.js';
export { type OpenOptions, openRegistry, type ProtocolMemory } from './open.js';
export { type Pong, pingRegistry } from './ping.js';
export type {
  Grant,
  GrantSubject,
  MadeProject,
  Member,
  ProjectDraft,
  ProjectInfo,
  ShownProject,
  ShownTeam,
  Team,
} from './projects.js';
export { shownProxy } from './proxy-error.js';
export { proxyRoute } from './proxy-route.js';
export type {
  AdvisoryDraft,
  Approval,
  ApprovalDetails,
  ApprovalQuery,
  ChannelOutcome,
  Delegation,
  Dependents,
  Identity,
  Impact,
  IssuedToken,
  LoginPrompts,
  MadeWebhook,
  Owner,
  PackumentAnswer,
  ProjectPolicy,
  PublishReceipt,
  PublishRequest,
  Registry,
  RegistryAdvisory,
  RegistryBatch,
  RegistryTrustRule,
  RegistryUser,
  RegistryWebhook,
  ScheduledPromotion,
  SearchHit,
  SearchPage,
  SearchQuery,
  TagMove,
  TierDraft,
  TokenInfo,
  TrustDraft,
  UserChanges,
  UserDraft,
  UserSession,
  WebhookDelivery,
  WebhookDraft,
} from './registry.js';
export { searchNote } from './search-note.js';
export { readAuthorities } from './secure-context.js';
export { archiveName, packageFolder, packumentName, readOnly } from './static/adapter.js';
export { searchHits } from './static/search.js';
export {
  INDEX_FILE,
  type IndexEntry,
  newSigningKey,
  publicKeyOf,
  readSignedIndex,
  type SignedIndex,
  signIndex,
} from './static/signed-index.js';

/** What connecting needs to know of the world; an operation's context has it all. */
export interface ConnectContext {
  readonly config: Config;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: Version;
  readonly progress: Pick<Progress, 'warn' | 'say' | 'stop'>;
  /** The user, where somebody is there to answer. */
  readonly ask?: LoginPrompts['ask'] | undefined;
  readonly askSecret?: LoginPrompts['askSecret'] | undefined;
  /** Of the second factor, as it came with the command. */
  readonly oneTimePassword?: string | undefined;
  /** Spares asking a registry each time what it is. */
  readonly protocols?: ProtocolMemory | undefined;
  /** Whether packuments are to be whole, with what only people read, also where a shorter form would do. */
  readonly isForPeople?: boolean | undefined;
}

/**
 * A registry, ready to be asked. Nothing is sent yet, and its token is looked up at the first request. One registry
 * object keeps its connections: make one a command, not one a request.
 * @param token used instead of the one that is configured, as when it is to be tried; null for none at all
 */
export function connectTo(
  context: ConnectContext,
  registry: RegistryConfig,
  token?: string | null,
): Registry {
  const { config, env, version, progress, protocols, isForPeople = false } = context;
  const warn = (message: string) => progress.warn(message);
  const { alias, url, protocol, clientCertificate } = registry;
  return openRegistry({
    alias,
    registryUrl: url,
    protocol,
    protocols,
    network: config.network,
    connections: connectionsOf({
      network: config.network,
      env,
      identity: clientCertificate && { registryUrl: url, certificate: clientCertificate },
    }),
    userAgent: `prompd/${version}`,
    token: async () => (token === null ? undefined : (token ?? tokenFor({ config, env, warn }, registry))),
    // The times of publication decide then, and npm's short packuments need not have them.
    needsTimes: isForPeople || needsTimes(config),
    trust: trustStore(config.home, registry),
    secondFactor: { given: givenPassword(context), prompts: loginPrompts(context) },
  });
}

/** Whether the times of publication decide what is installed. */
export function needsTimes({ resolution, signatures }: Config): boolean {
  return (
    resolution.before !== undefined || resolution.minimumReleaseAgeMs > 0 || checksSignatures(signatures)
  );
}

function givenPassword({
  oneTimePassword,
  env,
}: Pick<ConnectContext, 'oneTimePassword' | 'env'>): SecondFactor['given'] {
  if (oneTimePassword !== undefined) return { password: oneTimePassword, source: '--otp' };
  // An empty variable is none.
  const password = env['PROMPD_OTP'];
  return password ? { password, source: 'PROMPD_OTP' } : undefined;
}

/** How a registry meets the user; undefined where nobody is there. */
export function loginPrompts({
  ask,
  askSecret,
  progress,
}: Pick<ConnectContext, 'ask' | 'askSecret' | 'progress'>): LoginPrompts | undefined {
  if (!ask || !askSecret) return undefined;
  // What is drawn of the progress would be drawn over the question.
  const undisturbed =
    (question: (text: string) => Promise<string>): LoginPrompts['ask'] =>
    text => {
      progress.stop();
      return question(text);
    };
  return {
    visit(url, code) {
      progress.stop();
      progress.say(code === undefined ? `Sign in at ${url}` : `Open ${url} and enter the code ${code}`);
    },
    ask: undisturbed(ask),
    askSecret: undisturbed(askSecret),
    pause: ms => sleep(ms),
    now: () => performance.now(),
  };
}

/** The registry that is configured under an alias. */
export function connect(context: ConnectContext, alias: string): Registry {
  return connectTo(context, registryConfig(context.config, alias));
}

/** What is configured under an alias; every alias in a configuration has its registry. */
export function registryConfig({ registries }: Pick<Config, 'registries'>, alias: string): RegistryConfig {
  const registry = registries.get(alias);
  if (registry === undefined) throw new TypeError(`There is no registry "${alias}" in the configuration`);
  return registry;
}

/** The registry that a name comes from. */
export function registryFor(context: ConnectContext, name: PackageName): Registry {
  return connect(context, aliasFor(context.config, name));
}
