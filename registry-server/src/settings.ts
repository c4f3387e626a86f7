import { ARCHIVE_LIMITS } from 'prompd/tarball';

/** What a client may cost the server. Times are in milliseconds. */
export interface Limits {
  /** Largest archive, in bytes. */
  readonly archiveBytes: number;
  /** Largest JSON body, in bytes. */
  readonly jsonBytes: number;
  /** For all headers of a request. */
  readonly headersTime: number;
  /** For a whole request, its body included. */
  readonly requestTime: number;
  /** For unpacking an archive, and again for checking what is in it. */
  readonly checkTime: number;
  /** Between two pieces of an upload. */
  readonly idleTime: number;
  /** For sending a webhook's message once. */
  readonly webhookTime: number;
  /** Between two looks at the queue of webhooks. */
  readonly webhookInterval: number;
  /** Between two signatures over audits that have grown. */
  readonly checkpointInterval: number;
  /** Between two looks at what falls due: requests that expire, promotions that were asked for in advance. */
  readonly governanceInterval: number;
  /** Between saying that it goes and taking no more requests: as long as a load balancer takes to hear of it. */
  readonly goodbyeTime: number;
  /** Between two looks at the queue of compatibility runs. */
  readonly jobInterval: number;
  /** In which a server that works on a compatibility run must say so, or it is taken for lost. */
  readonly jobLease: number;
  /** Before a compatibility run is tried again; doubled each time. */
  readonly jobPause: number;
  /** For rendering a prompt. */
  readonly renderTime: number;
  /** How long a delivered prompt may go without the database confirming it. */
  readonly deliveryLimit: number;
  /** For open requests to end after the server was told to stop. */
  readonly drainTime: number;
  /** For what is written then: a database that does not answer is left. */
  readonly stopTime: number;
}

export const LIMITS: Limits = {
  archiveBytes: ARCHIVE_LIMITS.compressedBytes,
  jsonBytes: 256 * 1024,
  headersTime: 10_000,
  requestTime: 300_000,
  checkTime: 30_000,
  idleTime: 20_000,
  webhookTime: 10_000,
  webhookInterval: 5_000,
  checkpointInterval: 5 * 60_000,
  governanceInterval: 15_000,
  goodbyeTime: 0,
  jobInterval: 5_000,
  jobLease: 30_000,
  jobPause: 30_000,
  renderTime: 2_000,
  deliveryLimit: 15 * 60 * 1000,
  drainTime: 10_000,
  stopTime: 10_000,
};

/** Between two writes of counted downloads and last uses of tokens, in milliseconds. */
export const FLUSH_INTERVAL = 5_000;
/** Several servers may share PostgreSQL and the folder, so a sweep leaves uploads younger than this (milliseconds). */
export const SHARED_SWEEP_AGE = 24 * 60 * 60 * 1000;
/** Entries a search answers with at most. */
export const MAX_PAGE = 250;

/** What a batch may cost. Sizes are in bytes, times in milliseconds. */
export const BATCH_LIMITS = {
  /** Of the request. */
  bodyBytes: 4 * 1024 * 1024,
  /** Packages that the root asks for, that are locked, or that are known to the client. */
  names: 20_000,
  /** Packuments in one answer. */
  packuments: 20_000,
  /** All packuments of an answer before compression. */
  packumentBytes: 64 * 1024 * 1024,
  /** For finding out which packuments are needed: the client asks for the rest by itself. */
  workTime: 5_000,
  /** Archives in one answer. */
  tarballs: 2000,
  /** All archives of an answer. */
  tarballBytes: 512 * 1024 * 1024,
  /** In which a client takes nothing of the answer. */
  idleTime: 20_000,
  /** For the whole answer. */
  totalTime: 300_000,
} as const;

/** Webhooks that one user may have. */
export const MAX_WEBHOOKS = 20;

/** How webhooks are sent. Times are in milliseconds. */
export const WEBHOOK_QUEUE = {
  /** Messages that one server sends at once. */
  atOnce: 16,
  /** Of those, to one webhook from which on it waits for the others. */
  atOnceToOne: 4,
  /** After which a server that took a message must have died: longer than sending one may take. */
  lostAfter: 60_000,
  /** Messages that are over can be looked at for so long. */
  keptFor: 30 * 24 * 60 * 60 * 1000,
  forgetEvery: 60 * 60 * 1000,
} as const;

/** Runs of compatibility that one user may have waiting or running. */
export const MAX_RUNS = 20;
/** How often a compatibility run is begun. */
export const RUN_ATTEMPTS = 3;
/** Streams of events that one server keeps open. */
export const MAX_STREAMS = 200;
/** How prompts are delivered. Times are in milliseconds, sizes in bytes. */
export const DELIVERY = {
  /** Memory for answers, and for what versions say that are made of nothing else. */
  memory: 128 * 1024 * 1024,
  wholeMemory: 32 * 1024 * 1024,
  /** An answer is looked up again after that, whatever is heard. */
  maxAge: 60_000,
  /** What another server read is not taken over after that. */
  sharedAge: 5 * 60_000,
  /** By which the clocks of servers may differ; what comes from further ahead is not taken over. */
  clockSkew: 60_000,
  /** For which it is remembered who may read what, unless something is heard. */
  decisionAge: 5_000,
  /** Between two looks for events that nobody told of. */
  pollInterval: 5_000,
  /** For a look into the database while there is something older to serve, and while there is not. */
  patience: 1_000,
  longPatience: 8_000,
  /** For a look into the cache that servers share. */
  cachePatience: 250,
  /** After the database failed it is left alone for so long. */
  pause: 1_000,
  /** Events can be asked for after a disconnection for so long. */
  eventsKept: 7 * 24 * 60 * 60 * 1000,
  /** Reports of what came of answers can be summed up for so long. */
  feedbackKept: 400 * 24 * 60 * 60 * 1000,
  /** Streams of one server, and what one may have waiting. */
  streams: 10_000,
  streamBuffer: 256 * 1024,
  heartbeat: 15_000,
  /** Events that a stream is sent when it comes back; one that missed more starts anew. */
  replay: 1_000,
  /** Packages that a stream may name. */
  streamPackages: 500,
  /** Characters of a key, which tells users apart. */
  key: 512,
  /** Prompts of one batch. */
  batch: 100,
  /** Reports of results that wait to be written. */
  feedbackWaiting: 10_000,
} as const;
