import {
  type CancellationToken,
  type Connection,
  LSPErrorCodes,
  ResponseError,
  type ServerCapabilities,
} from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { PrompdError } from '../core/errors.js';
import { manifestDefinition, promptDefinition } from './definition.js';
import { isManifest, isPrompt } from './document-kind.js';
import { manifestHover, promptHover } from './hover.js';
import { manifestCodeActions } from './manifest-code-actions.js';
import { manifestCompletion } from './manifest-completion.js';
import { ACTION_KINDS, promptCodeActions } from './prompt-code-actions.js';
import { promptCompletion } from './prompt-completion.js';
import { parameterReferences } from './references.js';
import { prepareRename, rename } from './rename.js';
import { promptSymbols } from './symbols.js';
import type { Workspace } from './workspace.js';

/** What the server answers beside diagnostics. */
export const FEATURES: ServerCapabilities = {
  completionProvider: { triggerCharacters: ['{', '.', '|', '/', '@', ':', '#', '"', ' '] },
  hoverProvider: true,
  definitionProvider: true,
  referencesProvider: true,
  documentSymbolProvider: true,
  renameProvider: { prepareProvider: true },
  codeActionProvider: { codeActionKinds: [...ACTION_KINDS] },
};

/** Registers the answers to requests about documents. */
export function answerRequests(connection: Connection, workspace: Workspace): void {
  const about = async <T>(
    { textDocument }: { readonly textDocument: { readonly uri: string } },
    token: CancellationToken,
    answers: Answers<T>,
  ): Promise<T | null> => {
    const document = workspace.openDocuments().find(({ uri }) => uri === textDocument.uri);
    if (!document || token.isCancellationRequested) return null;
    const path = workspace.pathOf(document);
    const answer = isManifest(path)
      ? answers.manifest
      : isPrompt(path, document.languageId)
        ? answers.prompt
        : undefined;
    const found = await answered(async () => answer?.(path, document));
    if (token.isCancellationRequested)
      throw new ResponseError(LSPErrorCodes.RequestCancelled, 'Nobody waits for it any more.');
    return found ?? null;
  };

  connection.onCompletion((params, token) =>
    about(params, token, {
      prompt: (path, document) =>
        promptCompletion(workspace, path, { text: document.getText(), position: params.position }),
      manifest: (path, document) =>
        manifestCompletion(workspace, path, { document, offset: document.offsetAt(params.position) }),
    }),
  );
  connection.onHover((params, token) =>
    about(params, token, {
      prompt: (path, document) =>
        promptHover(workspace, path, { text: document.getText(), position: params.position }),
      manifest: (path, document) =>
        manifestHover(workspace, path, { document, offset: document.offsetAt(params.position) }),
    }),
  );
  connection.onDefinition((params, token) =>
    about(params, token, {
      prompt: (path, document) =>
        promptDefinition(workspace, path, { text: document.getText(), position: params.position }),
      manifest: (path, document) =>
        manifestDefinition(workspace, path, { document, offset: document.offsetAt(params.position) }),
    }),
  );
  connection.onReferences((params, token) =>
    about(params, token, {
      prompt: (path, document) =>
        parameterReferences(workspace, path, {
          text: document.getText(),
          position: params.position,
          declarations: params.context.includeDeclaration,
        }),
    }),
  );
  connection.onDocumentSymbol((params, token) =>
    about(params, token, { prompt: async (path, document) => promptSymbols(path, document.getText()) }),
  );
  connection.onPrepareRename((params, token) =>
    about(params, token, {
      prompt: (path, document) =>
        prepareRename(workspace, path, { text: document.getText(), position: params.position }),
    }),
  );
  connection.onRenameRequest((params, token) =>
    about(params, token, {
      prompt: (path, document) => {
        const { position, newName } = params;
        return rename(workspace, path, { text: document.getText(), position, newName });
      },
    }),
  );
  connection.onCodeAction((params, token) =>
    about(params, token, {
      prompt: async (path, document) =>
        promptCodeActions(path, {
          uri: document.uri,
          text: document.getText(),
          diagnostics: params.context.diagnostics,
        }),
      manifest: async (_path, document) => manifestCodeActions(document, params.context.diagnostics),
    }),
  );
}

interface Answers<T> {
  readonly prompt: (path: string, document: TextDocument) => Promise<T | undefined>;
  readonly manifest?: (path: string, document: TextDocument) => Promise<T | undefined>;
}

/** What a user can mend is told to them; anything else is a bug, which the protocol's library reports. */
async function answered<T>(answer: () => Promise<T>): Promise<T> {
  try {
    return await answer();
  } catch (error) {
    if (error instanceof PrompdError) throw new ResponseError(LSPErrorCodes.RequestFailed, error.message);
    throw error;
  }
}
