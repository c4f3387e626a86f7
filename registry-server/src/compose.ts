import { type Clock, type ModelPolicy, steadyTime } from 'prompd/core';
import { SqlAdvisoryRepository } from './adapters/advisory-repository.js';
import { SqlApprovalRepository } from './adapters/approval-repository.js';
import { SqlAuditRepository } from './adapters/audit-repository.js';
import { SqlChannelRepository } from './adapters/channel-repository.js';
import { SqlCompatibilityRepository } from './adapters/compatibility-repository.js';
import { checkDatabase, type Database } from './adapters/database.js';
import { SqlDeliveryQueue } from './adapters/delivery-queue.js';
import { SqlDeliveryRepository } from './adapters/delivery-repository.js';
import { SqlDownloadRepository } from './adapters/download-repository.js';
import { SqlDraftRepository } from './adapters/draft-repository.js';
import { HttpWebhookSender } from './adapters/http-webhook-sender.js';
import { publicHalf } from './adapters/key-folder.js';
import { SqlMemberRepository } from './adapters/member-repository.js';
import { SqlMirrorRepository } from './adapters/mirror-repository.js';
import { SqlModuleHistory } from './adapters/module-history.js';
import { SqlModuleRepository } from './adapters/module-repository.js';
import { SqlPackageBatch } from './adapters/package-batch.js';
import { SqlPackageRepository } from './adapters/package-repository.js';
import { SqlProjectRepository } from './adapters/project-repository.js';
import { SqlProjectUsage } from './adapters/project-usage.js';
import { SqlRegistryState } from './adapters/registry-state.js';
import { SqlSearchSource } from './adapters/search-source.js';
import { SqlSigningKeyRepository } from './adapters/signing-key-repository.js';
import { SqlTokenRepository } from './adapters/token-repository.js';
import { SqlTransparencyLogRepository } from './adapters/transparency-log-repository.js';
import { SqlWebLoginRepository } from './adapters/web-login-repository.js';
import { SqlWebhookRepository } from './adapters/webhook-repository.js';
import { SqlWorklistRepository } from './adapters/worklist-repository.js';
import { composeDelivery, type DeliveryLinks } from './compose-delivery.js';
import { composeIdentity } from './compose-identity.js';
import { userOf } from './domain/actor.js';
import type { Authorize } from './domain/authorize.js';
import type { IdentitySettings } from './domain/identity-settings.js';
import type { UplinkRules } from './domain/uplink.js';
import { UplinkHealth } from './domain/uplink-health.js';
import type { WebhookHosts } from './domain/webhook-hosts.js';
import type { ArchiveChecker } from './ports/archive-checker.js';
import type { BlobStore } from './ports/blob-store.js';
import type { DraftWorkshop } from './ports/draft-workshop.js';
import type { LogKeyStore } from './ports/log-key.js';
import type { PackageRepository } from './ports/package-repository.js';
import type { PrivateKeys } from './ports/private-keys.js';
import type { PromptWorkshop } from './ports/prompt-workshop.js';
import type { SearchEngine } from './ports/search-engine.js';
import type { SecretBox } from './ports/secret-box.js';
import type { SuiteRunner } from './ports/suite-runner.js';
import type { Upstreams } from './ports/upstream.js';
import { AdvisoryService } from './services/advisories.js';
import { AnalyticsService } from './services/analytics.js';
import { ApprovalService } from './services/approvals.js';
import { AuditService } from './services/audit.js';
import { BorrowedPackages } from './services/borrowed-packages.js';
import { ChannelService } from './services/channels.js';
import { CompatibilityService } from './services/compatibility.js';
import { CompatibilityJobs } from './services/compatibility-jobs.js';
import type { Deliveries } from './services/delivery/deliveries.js';
import { ModelGate } from './services/delivery/model-gate.js';
import { DownloadCounter } from './services/downloads.js';
import { CommitService } from './services/drafts/commit.js';
import { DraftService } from './services/drafts/drafts.js';
import { HistoryService } from './services/drafts/history.js';
import { ModuleTexts } from './services/drafts/module-texts.js';
import { ModuleService } from './services/drafts/modules.js';
import { VersionFiles } from './services/drafts/version-files.js';
import { GovernanceDuties } from './services/governance-duties.js';
import { Housekeeping } from './services/housekeeping.js';
import { IndexedSearch } from './services/indexed-search.js';
import { MemberService } from './services/members.js';
import { Mirror } from './services/mirror.js';
import { MirrorArchives } from './services/mirror-archives.js';
import type { MirrorLog } from './services/mirror-log.js';
import { MirrorRefresh } from './services/mirror-refresh.js';
import { LoginSessions } from './services/npm/login-sessions.js';
import { NpmPublishing } from './services/npm/publishing.js';
import { OwnerService } from './services/owners.js';
import { PackageEditor } from './services/package-editor.js';
import { PackageReader } from './services/package-reader.js';
import { PackumentClosure } from './services/packument-closure.js';
import { ProjectService } from './services/projects.js';
import { PromptSurveys } from './services/prompt-surveys.js';
import { PublishService } from './services/publish.js';
import { PublishedFiles } from './services/published-files.js';
import { Readiness } from './services/readiness.js';
import { ReadyAnswers } from './services/ready-answers.js';
import { type Connections, HealthService } from './services/registry-health.js';
import { RenderedPackuments } from './services/rendered-packuments.js';
import type { Services } from './services/services.js';
import { SigningService } from './services/signing.js';
import { SuiteArchives } from './services/suite-archives.js';
import { TarballBatch } from './services/tarball-batch.js';
import { TokenService } from './services/tokens.js';
import { TransparencyLog } from './services/transparency-log.js';
import { WebhookDispatcher } from './services/webhook-dispatcher.js';
import { WebhookService } from './services/webhooks.js';
import { Worklist } from './services/worklist.js';
import type { Limits } from './settings.js';

export interface Parts {
  readonly database: Database;
  /** How many of its connections are in use; undefined for the embedded database. */
  readonly connections?: (() => Connections) | undefined;
  readonly blobs: BlobStore;
  readonly checker: ArchiveChecker;
  readonly workshop: DraftWorkshop;
  readonly prompts: PromptWorkshop;
  readonly links: DeliveryLinks;
  readonly privateKeys: PrivateKeys;
  readonly logKey: LogKeyStore;
  /** Of access tokens. */
  readonly accessKeys: PrivateKeys;
  /** How people and machines sign in. */
  readonly identity: IdentitySettings;
  readonly authorize: Authorize;
  readonly now: Clock;
  /** Milliseconds that only go up; without it a clock that is set back stands still. */
  readonly uptime?: (() => number) | undefined;
  readonly limits: Limits;
  /** The registries that this one mirrors, and how to speak to them. */
  readonly uplinks: UplinkRules;
  readonly upstreams: Upstreams;
  readonly log: MirrorLog;
  /** Keeps the secrets of webhooks. */
  readonly secrets: SecretBox;
  /** Of the operator's network, that webhooks may be sent to. */
  readonly webhookHosts: WebhookHosts;
  /** Reads packages and runs their tests. */
  readonly suites: SuiteRunner;
  /** Runs of tests that this server works on at once. */
  readonly runsAtOnce: number;
  /** What is done about delivering a prompt for a model that it was not found to work with. */
  readonly modelPolicy: ModelPolicy;
  /** From 0 up to below 1. */
  readonly random: () => number;
  /** Searches instead of the database, while it can. */
  readonly searchEngine?: SearchEngine | undefined;
  readonly onSearchFallback?: (() => void) | undefined;
}

/** Puts the services on their adapters. */
export function compose(parts: Parts): Services {
  const { database, blobs, checker, privateKeys, logKey, authorize, now, limits } = parts;
  const packages = new SqlPackageRepository(database);
  const batch = new SqlPackageBatch(database);
  const tokens = new TokenService(new SqlTokenRepository(database), now);
  const counts = new SqlDownloadRepository(database);
  const downloads = new DownloadCounter(counts, now);
  const { webhooks, dispatcher } = composeWebhooks(parts);
  const wake = () => dispatcher.wake();
  const advisories = new AdvisoryService({
    advisories: new SqlAdvisoryRepository(database),
    packages,
    authorize,
    now,
    wake,
  });
  const signing = new SigningService({
    keys: new SqlSigningKeyRepository(database),
    privateKeys,
    publicHalf,
    now,
  });
  const mirror = composeMirror(parts, packages);
  const channelRows = new SqlChannelRepository(database);
  const approvals = new ApprovalService({
    approvals: new SqlApprovalRepository(database),
    packages,
    blobs,
    authorize,
    signing,
    now,
  });
  const channels = new ChannelService({
    channels: channelRows,
    authorize,
    signing,
    // Who is asked for a password is held to the limits of signing in, wherever they ask from.
    reauthenticate: async (actor, password) =>
      password === undefined
        ? tokens.isFresh(actor)
        : (await identity.accounts.signIn(userOf(actor), password, 'break-glass')).name === userOf(actor),
    now,
  });
  const search = composeSearch(parts, packages);
  const reader = new PackageReader({
    packages,
    advisories,
    mirror,
    rendered: new RenderedPackuments(),
    channels: channelRows,
    authorize,
    search: query => (search ?? packages).search(query),
  });
  const editor = new PackageEditor({ packages, blobs, now });
  const owners = new OwnerService({ packages, tokens, now });
  const log = new TransparencyLog({ log: new SqlTransparencyLogRepository(database), keys: logKey, now });
  const publishing = new PublishService({
    packages,
    blobs,
    checker,
    authorize,
    signing,
    mayClaim: name => mirror.mayClaim(name),
    now,
    maxArchiveBytes: limits.archiveBytes,
  });
  const identity = composeIdentity({
    database,
    tokens,
    accessKeys: parts.accessKeys,
    settings: parts.identity,
    now,
  });
  const { authenticator } = identity;
  const compatibility = composeCompatibility(parts, reader, approvals);
  const time = steadyTime(() => now().getTime(), parts.uptime);
  const models = new ModelGate({
    policy: parts.modelPolicy,
    statusOf: question => compatibility.compatibility.promptStatus(question),
    time,
  });
  const borrowed = new BorrowedPackages({
    deliveries: new SqlDeliveryRepository(database),
    packages,
    blobs,
    authorize,
  });
  const delivery = composeDelivery({ ...parts, packages, mirror, reader, authenticator, models, time });
  return {
    ...composeDrafts(parts, { packages, publishing, borrowed }),
    mirror,
    reader,
    publishedFiles: new PublishedFiles({ reader, blobs, borrowed, workshop: parts.workshop }),
    editor,
    owners,
    projects: new ProjectService({ projects: new SqlProjectRepository(database), authorize, now }),
    members: new MemberService({ members: new SqlMemberRepository(database), tokens, authorize, now }),
    publishing,
    npm: new NpmPublishing({ reader, editor, owners, publishing, authorize }),
    logins: new LoginSessions({
      logins: new SqlWebLoginRepository(database),
      secrets: parts.secrets,
      now,
    }),
    advisories,
    approvals,
    channels,
    duties: new GovernanceDuties(approvals, channels),
    webhooks,
    dispatcher,
    ...compatibility,
    log,
    audit: new AuditService({ audit: new SqlAuditRepository(database), signer: () => log.signer(), now }),
    signing,
    tokens,
    identity,
    downloads,
    search,
    analytics: new AnalyticsService({
      reader,
      downloads: counts,
      projects: new SqlProjectUsage(database),
      now,
    }),
    readiness: new Readiness({ database: () => checkDatabase(database), blobs: () => blobs.check() }),
    health: composeHealth(parts, { mirror, deliveries: delivery.deliveries }),
    worklist: new Worklist({ worklist: new SqlWorklistRepository(database), now }),
    housekeeping: new Housekeeping({ packages, blobs, tokens, downloads }),
    blobs,
    ready: new ReadyAnswers(),
    delivery,
    closure: new PackumentClosure(batch, mirror),
    tarballBatch: new TarballBatch({ packages: batch, blobs, downloads, mirror }),
  };
}

function composeHealth(
  { database, blobs, links: { cache }, connections, now }: Parts,
  { mirror, deliveries }: { mirror: Mirror; deliveries: Deliveries },
) {
  return new HealthService({
    state: new SqlRegistryState(database),
    parts: {
      database: () => checkDatabase(database),
      storage: () => blobs.check(),
      redis: cache.source === 'redis' ? () => cache.epoch('') : undefined,
    },
    connections,
    uplinks: () => mirror.states(),
    deliveries: () => deliveries.sources,
    now,
  });
}

function composeDrafts(
  { database, blobs, workshop, now }: Parts,
  {
    packages,
    publishing,
    borrowed,
  }: { packages: PackageRepository; publishing: PublishService; borrowed: BorrowedPackages },
) {
  const history = new SqlModuleHistory(database);
  const versions = new VersionFiles({ history, blobs });
  const texts = new ModuleTexts({ packages, versions, borrowed });
  const drafts = new DraftService({ drafts: new SqlDraftRepository(database), versions, workshop, now });
  return {
    drafts,
    modules: new ModuleService({ modules: new SqlModuleRepository(database), packages, now }),
    commits: new CommitService({ drafts, versions, texts, workshop, publishing }),
    history: new HistoryService({ history, versions, texts, drafts, workshop }),
  };
}

function composeWebhooks({ database, secrets, webhookHosts: hosts, authorize, now, random, limits }: Parts) {
  const webhooks = new SqlWebhookRepository(database);
  const queue = new SqlDeliveryQueue(database);
  const sender = new HttpWebhookSender({ hosts, time: limits.webhookTime });
  const dispatcher = new WebhookDispatcher({ queue, webhooks, secrets, sender, now, random });
  const wake = () => dispatcher.wake();
  return {
    dispatcher,
    webhooks: new WebhookService({ webhooks, queue, secrets, hosts, authorize, now, wake }),
  };
}

function composeCompatibility(parts: Parts, reader: PackageReader, approvals: ApprovalService) {
  const { database, blobs, authorize, now, random, limits, suites: runner, runsAtOnce: atOnce } = parts;
  const compatibility = new SqlCompatibilityRepository(database);
  const archives = new SuiteArchives({ reader, blobs, authorize });
  const compatibilityJobs = new CompatibilityJobs(
    { compatibility, archives, runner, now, random },
    { interval: limits.jobInterval, lease: limits.jobLease, pause: limits.jobPause, atOnce },
  );
  const surveys = new PromptSurveys(runner, archives);
  const wake = () => compatibilityJobs.wake();
  return {
    compatibilityJobs,
    compatibility: new CompatibilityService({
      compatibility,
      reader,
      approvals,
      surveys,
      runner,
      authorize,
      now,
      wake,
    }),
  };
}

function composeSearch(
  { database, searchEngine: engine, log, onSearchFallback: onFallback = () => undefined }: Parts,
  packages: PackageRepository,
): IndexedSearch | undefined {
  return (
    engine &&
    new IndexedSearch({
      engine,
      source: new SqlSearchSource(database),
      database: query => packages.search(query),
      onError: err => log.warn({ err }, 'the search engine failed'),
      onFallback,
    })
  );
}

function composeMirror(
  { database, blobs, checker, now, limits, uplinks: rules, upstreams, log }: Parts,
  packages: PackageRepository,
): Mirror {
  const mirrors = new SqlMirrorRepository(database);
  const health = new UplinkHealth(rules.uplinks, now);
  const archives = new MirrorArchives({ upstreams, blobs, checker, maxArchiveBytes: limits.archiveBytes });
  const refresh = new MirrorRefresh({ packages, mirrors, upstreams, archives, health, log, now });
  return new Mirror({ rules, packages, mirrors, refresh, archives, health, log, now });
}
