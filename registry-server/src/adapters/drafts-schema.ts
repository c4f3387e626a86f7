import type { ColumnType, Generated } from 'kysely';

/** The tables of modules and their drafts, as migration 015 makes them. */
export interface DraftsSchema {
  modules: ModulesTable;
  module_prompts: ModulePromptsTable;
  drafts: DraftsTable;
  draft_files: DraftFilesTable;
  version_prompts: VersionPromptsTable;
}

type Time = ColumnType<Date, Date, Date>;

interface NotesColumns {
  description: Generated<string>;
  author: Generated<string>;
  intent: Generated<string>;
  compliance_notes: Generated<string>;
  tags: Generated<string[]>;
  revision: Generated<number>;
  updated_at: Time;
  archived_at: Date | null;
}

export interface ModulesTable extends NotesColumns {
  package: string;
  scope: string;
  created_by: string;
  created_at: Time;
}

export interface ModulePromptsTable extends NotesColumns {
  package: string;
  prompt: string;
  updated_by: string;
}

export interface DraftsTable {
  package: string;
  base_version: string | null;
  authors: Generated<string[]>;
  revision: number;
  updated_by: string;
  updated_at: Time;
}

export interface DraftFilesTable extends Omit<DraftsTable, 'base_version' | 'authors'> {
  path: string;
  encoding: string;
  content: string;
}

export interface VersionPromptsTable {
  version_id: number;
  prompt: string;
  digest: string;
}
