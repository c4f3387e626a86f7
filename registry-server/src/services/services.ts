import type { BlobStore } from '../ports/blob-store.js';
import type { AdvisoryService } from './advisories.js';
import type { AnalyticsService } from './analytics.js';
import type { ApprovalService } from './approvals.js';
import type { AuditService } from './audit.js';
import type { ChannelService } from './channels.js';
import type { CompatibilityService } from './compatibility.js';
import type { CompatibilityJobs } from './compatibility-jobs.js';
import type { Delivery } from './delivery/delivery.js';
import type { DownloadCounter } from './downloads.js';
import type { CommitService } from './drafts/commit.js';
import type { DraftService } from './drafts/drafts.js';
import type { HistoryService } from './drafts/history.js';
import type { ModuleService } from './drafts/modules.js';
import type { GovernanceDuties } from './governance-duties.js';
import type { Housekeeping } from './housekeeping.js';
import type { Identity } from './identity/identity.js';
import type { IndexedSearch } from './indexed-search.js';
import type { MemberService } from './members.js';
import type { Mirror } from './mirror.js';
import type { LoginSessions } from './npm/login-sessions.js';
import type { NpmPublishing } from './npm/publishing.js';
import type { OwnerService } from './owners.js';
import type { PackageEditor } from './package-editor.js';
import type { PackageReader } from './package-reader.js';
import type { PackumentClosure } from './packument-closure.js';
import type { ProjectService } from './projects.js';
import type { PublishService } from './publish.js';
import type { Readiness } from './readiness.js';
import type { ReadyAnswers } from './ready-answers.js';
import type { SigningService } from './signing.js';
import type { TarballBatch } from './tarball-batch.js';
import type { TokenService } from './tokens.js';
import type { TransparencyLog } from './transparency-log.js';
import type { WebhookDispatcher } from './webhook-dispatcher.js';
import type { WebhookService } from './webhooks.js';

/** What the server is made of, above its adapters. */
export interface Services {
  readonly modules: ModuleService;
  readonly drafts: DraftService;
  readonly commits: CommitService;
  readonly history: HistoryService;
  readonly reader: PackageReader;
  readonly mirror: Mirror;
  readonly editor: PackageEditor;
  readonly owners: OwnerService;
  readonly projects: ProjectService;
  /** Who is what in projects. */
  readonly members: MemberService;
  readonly publishing: PublishService;
  /** Publishing and changing as npm's clients do it. */
  readonly npm: NpmPublishing;
  readonly logins: LoginSessions;
  readonly advisories: AdvisoryService;
  readonly approvals: ApprovalService;
  readonly channels: ChannelService;
  readonly duties: GovernanceDuties;
  readonly webhooks: WebhookService;
  readonly dispatcher: WebhookDispatcher;
  readonly compatibility: CompatibilityService;
  readonly compatibilityJobs: CompatibilityJobs;
  readonly log: TransparencyLog;
  readonly audit: AuditService;
  readonly signing: SigningService;
  readonly tokens: TokenService;
  readonly identity: Identity;
  readonly downloads: DownloadCounter;
  readonly analytics: AnalyticsService;
  /** Undefined where the database alone is searched. */
  readonly search: IndexedSearch | undefined;
  readonly readiness: Readiness;
  readonly housekeeping: Housekeeping;
  readonly blobs: BlobStore;
  readonly closure: PackumentClosure;
  readonly tarballBatch: TarballBatch;
  readonly ready: ReadyAnswers;
  readonly delivery: Delivery;
}
