import type { Readable, Writable } from 'node:stream';
import {
  createConnection,
  DidChangeWatchedFilesNotification,
  type InitializeParams,
  type InitializeResult,
  ProposedFeatures,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { PrompdError } from '../core/errors.js';
import type { Context } from '../ops/context.js';
import { DiagnosticPublisher } from './diagnostic-publisher.js';
import { answerRequests, FEATURES } from './features.js';
import { pathOfUri } from './file-uri.js';
import { Workspace } from './workspace.js';

/** Files outside of open documents that answers depend on. */
const WATCHED = ['**/*.prompd', '**/*.prmd', '**/prompd.json', '**/prompd-lock.json', '**/*.{md,txt}'];

/**
 * Speaks the Language Server Protocol over standard input and output. The process ends with the editor: after `exit`, at
 * the end of its input, or when the process that `initialize` named is gone; with 0 after `shutdown`, else with 1.
 * @returns a promise that never resolves: the protocol's library ends the process
 * @throws PrompdError EUSAGE where results are to be printed there
 * @see https://microsoft.github.io/language-server-protocol/specifications/lsp/3.17/specification/
 */
export function serveLanguage(context: Context): Promise<never> {
  const { streams } = context;
  if (!streams) throw new PrompdError('EUSAGE', 'Standard output belongs to the protocol: leave out --json.');
  listen(context, streams);
  return new Promise(() => {});
}

function listen(context: Context, { input, output }: { input: Readable; output: Writable }): void {
  const connection = createConnection(ProposedFeatures.all, input, output);
  const documents = new TextDocuments(TextDocument);
  const workspace = new Workspace(context, documents);
  const publisher = new DiagnosticPublisher(connection, workspace);
  let watches = false;
  let hasFolders = false;

  connection.onInitialize((params): InitializeResult => {
    workspace.folders = foldersOf(params);
    watches = params.capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration === true;
    hasFolders = params.capabilities.workspace?.workspaceFolders === true;
    return {
      serverInfo: { name: 'prompd', version: context.version },
      capabilities: {
        ...FEATURES,
        positionEncoding: 'utf-16',
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
        workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
      },
    };
  });
  connection.onInitialized(() => {
    if (hasFolders) {
      connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        const gone = new Set(removed.flatMap(({ uri }) => pathOfUri(uri) ?? []));
        const kept = workspace.folders.filter(folder => !gone.has(folder));
        workspace.folders = [...kept, ...added.flatMap(({ uri }) => pathOfUri(uri) ?? [])];
        publisher.allChanged();
      });
    }
    if (watches) {
      const watchers = WATCHED.map(globPattern => ({ globPattern }));
      void connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
    }
  });
  connection.onDidChangeWatchedFiles(({ changes }) => {
    for (const { uri } of changes) {
      const path = pathOfUri(uri);
      if (path?.endsWith('prompd-lock.json')) publisher.allChanged();
      else if (path !== undefined) publisher.changed(path);
    }
  });
  documents.onDidChangeContent(({ document }) => publisher.changed(workspace.pathOf(document)));
  // What is on disk may have changed as well, and not every editor tells.
  documents.onDidSave(() => publisher.allChanged());
  documents.onDidClose(({ document }) => {
    publisher.closed(document);
    // From now on the file on disk counts for those made of it.
    publisher.changed(workspace.pathOf(document));
  });
  connection.onShutdown(() => publisher.stop());
  answerRequests(connection, workspace);
  documents.listen(connection);
  connection.listen();
}

function foldersOf({ workspaceFolders, rootUri }: InitializeParams): string[] {
  const uris = workspaceFolders?.map(({ uri }) => uri) ?? (rootUri ? [rootUri] : []);
  return uris.flatMap(uri => pathOfUri(uri) ?? []);
}
