import type { Selector } from 'prompd/core';
import type { TestReport } from 'prompd/models';
import type { ModelName, PromptSurvey } from 'prompd/testing';

/** An archive of a version. */
export interface SuiteArchive {
  readonly name: string;
  readonly version: string;
  readonly bytes: Uint8Array;
}

/** Finds the archive of a dependency; undefined when there is none that the tests may see. */
export type FindArchive = (name: string, selector: Selector) => Promise<SuiteArchive | undefined>;

export interface SuiteRequest {
  readonly archive: SuiteArchive;
  readonly find: FindArchive;
  readonly signal: AbortSignal;
}

export interface RunRequest extends SuiteRequest {
  readonly models: readonly ModelName[];
  /** Null for all that have tests. */
  readonly prompts: readonly string[] | null;
  /** @param total requests, once they are known */
  readonly onProgress: (done: number, total: number) => void;
}

/** Reads packages and runs their tests, apart from everything else that the server does. */
export interface SuiteRunner {
  /** The providers that may be asked, with the models that are allowed; none where the operator has named none. */
  readonly providers: readonly { readonly name: string; readonly models: readonly string[] | undefined }[];
  /** How long evidence holds, in milliseconds. */
  readonly evidenceTime: number;
  /** @throws PrompdError; RequestError ECHECKLIMIT when reading takes too much */
  survey(request: SuiteRequest): Promise<readonly PromptSurvey[]>;
  /** @throws PrompdError as `planSuite`; whatever the signal was aborted with */
  run(request: RunRequest): Promise<TestReport>;
  close(): Promise<void>;
}
