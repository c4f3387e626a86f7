import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { pathToFileURL } from 'node:url';
import {
  createProtocolConnection,
  type Diagnostic,
  type InitializeParams,
  type InitializeResult,
  type ProtocolConnection,
  type PublishDiagnosticsParams,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node';
import { BIN } from './cli.js';

export interface LanguageClientOptions {
  /** Absolute folders that are open in the editor. */
  readonly folders: readonly string[];
  /** PROMPD_HOME. */
  readonly home: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The process that the server must not outlive; this one by default. */
  readonly processId?: number | null;
  /** What is started, behind `node`; the program itself by default. */
  readonly command?: readonly string[];
}

/** An editor, as far as a language server sees one, with a server that it started. */
export class LanguageClient {
  private readonly last = new Map<string, PublishDiagnosticsParams>();
  private readonly listeners = new Set<() => void>();
  private readonly versions = new Map<string, number>();

  private constructor(
    readonly child: ChildProcess,
    readonly connection: ProtocolConnection,
    readonly initialized: InitializeResult,
    /** What the server wrote to stderr, and logged. */
    readonly said: string[],
  ) {
    connection.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
      this.last.set(params.uri, params);
      for (const listener of this.listeners) listener();
    });
  }

  static async start(options: LanguageClientOptions): Promise<LanguageClient> {
    const { folders, home, env = {}, processId = process.pid, command = [BIN, 'lsp', '--stdio'] } = options;
    const child = spawn(process.execPath, command, {
      cwd: folders[0],
      env: { PATH: process.env['PATH'] ?? '', PROMPD_HOME: home, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const { stdin, stdout, stderr } = child;
    if (!stdin || !stdout || !stderr) throw new Error('the server has no streams');
    const said: string[] = [];
    stderr.setEncoding('utf8').on('data', (text: string) => said.push(text));
    const connection = createProtocolConnection(
      new StreamMessageReader(stdout),
      new StreamMessageWriter(stdin),
    );
    connection.onNotification(
      'window/logMessage',
      ({ message }: { message: string }) => void said.push(message),
    );
    connection.onRequest('client/registerCapability', () => null);
    connection.listen();
    const params: InitializeParams = {
      processId,
      rootUri: null,
      capabilities: {
        workspace: {
          didChangeWatchedFiles: { dynamicRegistration: true },
          workspaceEdit: { documentChanges: true },
        },
        textDocument: { publishDiagnostics: { relatedInformation: true } },
      },
      workspaceFolders: folders.map(dir => ({ uri: pathToFileURL(dir).href, name: dir })),
    };
    const initialized: InitializeResult = await connection.sendRequest('initialize', params);
    const client = new LanguageClient(child, connection, initialized, said);
    await connection.sendNotification('initialized', {});
    return client;
  }

  /** Opens a document, or gives an open one another text. @returns its URI */
  async edit(file: string, text: string): Promise<string> {
    const uri = pathToFileURL(file).href;
    const version = (this.versions.get(uri) ?? 0) + 1;
    this.versions.set(uri, version);
    if (version === 1) {
      const languageId = file.endsWith('.json') ? 'json' : 'prompd';
      await this.notify('didOpen', { textDocument: { uri, languageId, version, text } });
    } else {
      await this.notify('didChange', { textDocument: { uri, version }, contentChanges: [{ text }] });
    }
    return uri;
  }

  async close(file: string): Promise<void> {
    const uri = pathToFileURL(file).href;
    this.versions.delete(uri);
    await this.notify('didClose', { textDocument: { uri } });
  }

  /** The diagnostics of a document, once they are of its newest text and as `until` wants them. */
  async diagnostics(file: string, until: (found: readonly Diagnostic[]) => boolean = () => true) {
    const uri = pathToFileURL(file).href;
    return this.publishedWhen(uri, params => {
      const current = params.version === undefined || params.version === this.versions.get(uri);
      return current && until(params.diagnostics);
    });
  }

  /** What was last published for any URI, as soon as there is something. */
  published(uri: string): Promise<Diagnostic[]> {
    return this.publishedWhen(uri, () => true);
  }

  async request<R>(method: string, params: unknown): Promise<R> {
    return this.connection.sendRequest<R>(method, params);
  }

  /** Asks the server to end, as an editor does. @returns its exit code */
  async stop(): Promise<number | null> {
    const ended = once(this.child, 'exit');
    await this.connection.sendRequest('shutdown');
    await this.connection.sendNotification('exit');
    const [code] = await ended;
    this.connection.dispose();
    return code;
  }

  private async notify(method: string, params: unknown): Promise<void> {
    await this.connection.sendNotification(`textDocument/${method}`, params);
  }

  private async publishedWhen(
    uri: string,
    fits: (params: PublishDiagnosticsParams) => boolean,
  ): Promise<Diagnostic[]> {
    for (;;) {
      const known = this.last.get(uri);
      if (known && fits(known)) return known.diagnostics;
      await new Promise<void>((resolve, reject) => {
        const late = setTimeout(() => {
          const last = JSON.stringify(known?.diagnostics ?? 'nothing');
          reject(
            new Error(`no such diagnostics of ${uri}, but ${last}; the server said ${this.said.join('')}`),
          );
        }, 15_000);
        const listener = () => {
          clearTimeout(late);
          this.listeners.delete(listener);
          resolve();
        };
        this.listeners.add(listener);
      });
    }
  }
}
