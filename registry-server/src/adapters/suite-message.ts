import type { Selector } from 'prompd/core';
import type { ProviderConfig, TestReport } from 'prompd/models';
import type { ModelName, PromptSurvey } from 'prompd/testing';
import type { SuiteArchive } from '../ports/suite-runner.js';
import type { SentError } from './check-message.js';

/** A provider as the operator allows it to be asked. */
export interface AllowedProvider {
  readonly config: ProviderConfig;
  readonly key: string | undefined;
  /** Undefined for all that it has. */
  readonly models: readonly string[] | undefined;
}

/** How the models are asked. */
export interface SuiteSettings {
  readonly providers: readonly AllowedProvider[];
  /** Hosts of the operator's own network that may be asked, separated by commas. */
  readonly hosts: string;
  readonly userAgent: string;
  /** Longest silence of a model, in milliseconds. */
  readonly timeoutMs: number;
  /** How often a request is sent again. */
  readonly retries: number;
  /** Requests under way at once. */
  readonly concurrency: number;
  /** Requests that one run may take, those to judges included. */
  readonly maxRequests: number;
}

/** What a server says to a thread that reads a package or runs its tests. */
export type ToSuite =
  | { readonly kind: 'survey'; readonly archive: SuiteArchive }
  | {
      readonly kind: 'run';
      readonly archive: SuiteArchive;
      readonly models: readonly ModelName[];
      readonly prompts: readonly string[] | null;
      readonly settings: SuiteSettings;
    }
  | { readonly kind: 'archive'; readonly id: number; readonly archive: SuiteArchive | undefined };

/** What the thread says. That it says anything shows that it is not stuck. */
export type FromSuite =
  | { readonly kind: 'ready' }
  | { readonly kind: 'alive' }
  | { readonly kind: 'need'; readonly id: number; readonly name: string; readonly selector: Selector }
  | { readonly kind: 'progress'; readonly done: number; readonly total: number }
  | { readonly kind: 'surveyed'; readonly surveys: readonly PromptSurvey[] }
  | { readonly kind: 'report'; readonly report: TestReport }
  | { readonly kind: 'error'; readonly error: SentError };
