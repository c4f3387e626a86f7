import type { Logger } from 'pino';
import type { CheckThreads } from './adapters/check-threads.js';
import type { Authorize } from './domain/authorize.js';
import type { IdentitySettings } from './domain/identity-settings.js';
import type { S3Settings } from './domain/s3-settings.js';
import type { ModelSettings } from './models-file.js';
import type { MetricsSettings } from './observe/metrics-server.js';
import type { TracingSettings } from './observe/tracing.js';
import type { DataPlace } from './open-data.js';
import type { Limits } from './settings.js';
import type { UplinkSettings } from './uplinks-file.js';

export interface RegistryOptions extends DataPlace {
  /** 0 takes a free port. */
  readonly port: number;
  readonly host: string;
  /** Becomes the one seeded admin token, at least 16 characters. Without it, earlier seeded tokens end. */
  readonly adminToken?: string | undefined;
  /** The private key that versions are signed with; without it the registry keeps its own in the data folder. */
  readonly signingKey?: string | undefined;
  /** The private key of the transparency log in PEM; without it the registry keeps its own in the data folder. */
  readonly logKey?: string | undefined;
  /** 32 bytes in base64 that secrets are kept under; without it the registry keeps its own in the data folder. */
  readonly secretKey?: string | undefined;
  /** Redis, by which servers count requests together. */
  readonly redisUrl?: string | undefined;
  /** Requests that one address, or one token, may make in a minute; as many as it likes by default. */
  readonly ratePerAddress?: number | undefined;
  readonly ratePerToken?: number | undefined;
  /** Proxies of the operator before the server, whose word on whom they heard from counts. */
  readonly proxies?: number | undefined;
  /** Origins whose pages may ask; `*` for all. */
  readonly corsOrigins?: readonly string[] | undefined;
  readonly metrics?: MetricsSettings | undefined;
  readonly tracing?: TracingSettings | undefined;
  /** OpenSearch or Elasticsearch, which is searched instead of the database while it can be. */
  readonly searchUrl?: string | undefined;
  /** Where archives are, instead of the data folder. */
  readonly s3?: S3Settings | undefined;
  /** Unless given, warnings and failures go to stderr. */
  readonly logger?: Logger | undefined;
  /** Where clients reach the registry, when a proxy stands before it. */
  readonly publicUrl?: string | undefined;
  /** Hosts and networks of the operator's own that webhooks may be sent to, as PROMPD_WEBHOOK_HOSTS has them. */
  readonly webhookHosts?: string | undefined;
  readonly limits?: Partial<Limits> | undefined;
  /** What `readUplinks` read: the registries that this one mirrors. */
  readonly uplinks?: UplinkSettings | undefined;
  /** How people and machines sign in: what `readSignIn` read, or a part of it. */
  readonly identity?: Partial<IdentitySettings> | undefined;
  /** What `readModels` read: the models that this registry may ask. */
  readonly models?: ModelSettings | undefined;
  /** Threads of the caller, who ends them, for what packages make the server do; its own unless given. */
  readonly threads?: CheckThreads | undefined;
  /** Milliseconds that only go up, by which a clock that is set back is noticed; of this machine, unless `now` is given. */
  readonly uptime?: (() => number) | undefined;
  /** Replaces the rule of who may do what. */
  readonly authorize?: Authorize | undefined;
}
