import type { Connection } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { isManifest, isPrompt } from './document-kind.js';
import { manifestDiagnostics } from './manifest-diagnostics.js';
import { promptDiagnostics } from './prompt-diagnostics.js';
import type { Workspace } from './workspace.js';

/** How long a document rests before it is looked at again, in milliseconds. */
const REST = 150;

/**
 * Keeps the diagnostics of open documents up to date: after a document rested, it and every open one that is made of it
 * are looked at again, one after another.
 */
export class DiagnosticPublisher {
  /** What each document's diagnostics were made from, by its URI. */
  private readonly reads = new Map<string, ReadonlySet<string>>();
  private readonly waiting = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private working: Promise<void> = Promise.resolve();

  constructor(
    private readonly connection: Pick<Connection, 'sendDiagnostics' | 'console'>,
    private readonly workspace: Workspace,
  ) {}

  /** A file changed, in an editor or on disk. @param path absolute */
  changed(path: string): void {
    for (const document of this.workspace.openDocuments()) {
      const isIt = this.workspace.pathOf(document) === path;
      if (isIt || this.reads.get(document.uri)?.has(path)) this.waiting.add(document.uri);
    }
    this.rest();
  }

  /** Anything may have changed: a lockfile, the folders that are open. */
  allChanged(): void {
    for (const { uri } of this.workspace.openDocuments()) this.waiting.add(uri);
    this.rest();
  }

  closed({ uri }: TextDocument): void {
    this.reads.delete(uri);
    this.waiting.delete(uri);
    void this.connection.sendDiagnostics({ uri, diagnostics: [] });
  }

  stop(): void {
    clearTimeout(this.timer);
    this.waiting.clear();
  }

  private rest(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.working = this.working.then(() => this.work());
    }, REST);
  }

  private async work(): Promise<void> {
    for (const uri of [...this.waiting]) {
      if (!this.waiting.delete(uri)) continue;
      const document = this.workspace.openDocuments().find(open => open.uri === uri);
      if (document) await this.publish(document);
    }
  }

  private async publish(document: TextDocument): Promise<void> {
    const { uri, version } = document;
    try {
      const path = this.workspace.pathOf(document);
      const checked = isManifest(path)
        ? await manifestDiagnostics(this.workspace, path, document)
        : isPrompt(path, document.languageId)
          ? await promptDiagnostics(this.workspace, path, document.getText())
          : undefined;
      const now = this.workspace.openDocuments().find(open => open.uri === uri);
      // What was typed or closed in the meantime has its own turn.
      if (!checked || now?.version !== version) return;
      this.reads.set(uri, checked.reads);
      await this.connection.sendDiagnostics({ uri, version, diagnostics: checked.diagnostics });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.connection.console.error(`${uri} could not be checked: ${reason}`);
    }
  }
}
