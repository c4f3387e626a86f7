import type { Problem } from 'prompd/core';
import type { Finding } from 'prompd/scan';
import type { FileContent } from '../domain/draft.js';
import type { ModuleComparison, PackedDraft, WorkFiles } from '../services/drafts/draft-work.js';

/**
 * Reads, compares and packs what people write, without holding up whoever else asks for something.
 * Everything throws RequestError ECHECKLIMIT when it takes too long.
 */
export interface DraftWorkshop {
  open(archive: Uint8Array): Promise<Readonly<Record<string, FileContent>>>;
  problems(files: WorkFiles): Promise<readonly Problem[]>;
  compare(before: WorkFiles, after: WorkFiles): Promise<ModuleComparison>;
  pack(files: WorkFiles): Promise<PackedDraft>;
  /** What readers of a version should know of, by place. */
  findings(archive: Uint8Array): Promise<readonly Finding[]>;
  /** By prompt. */
  digests(archive: Uint8Array): Promise<Readonly<Record<string, string>>>;
}
