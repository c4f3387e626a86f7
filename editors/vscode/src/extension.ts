import path from 'node:path';
import { commands, type ExtensionContext, workspace } from 'vscode';
import { LanguageClient, type ServerOptions, TransportKind } from 'vscode-languageclient/node';

let client: LanguageClient | undefined;

/** Starts the language server when VS Code first needs the extension, and anew when its setting changes. */
export async function activate(context: ExtensionContext): Promise<void> {
  context.subscriptions.push(
    commands.registerCommand('prompd.restartServer', () => restart(context)),
    workspace.onDidChangeConfiguration(event =>
      event.affectsConfiguration('prompd.server.path') ? restart(context) : undefined,
    ),
    workspace.onDidGrantWorkspaceTrust(() => (serverPath() === '' ? undefined : restart(context))),
  );
  await start(context);
}

export async function deactivate(): Promise<void> {
  await client?.stop();
}

async function restart(context: ExtensionContext): Promise<void> {
  await client?.stop();
  await start(context);
}

async function start(context: ExtensionContext): Promise<void> {
  client = new LanguageClient('prompd', 'prompd', serverOptions(context), {
    documentSelector: [
      { language: 'prompd', scheme: 'file' },
      { language: 'prompd', scheme: 'untitled' },
      { pattern: '**/prompd.json', scheme: 'file' },
    ],
  });
  await client.start();
}

/** The program that the user named, else the server that comes with the extension, run by VS Code's own Node.js. */
function serverOptions(context: ExtensionContext): ServerOptions {
  const command = serverPath();
  if (command !== '') return { command, args: ['lsp'], transport: TransportKind.stdio };
  const module = path.join(context.extensionPath, 'dist', 'server', 'main.mjs');
  return { module, transport: TransportKind.stdio };
}

/** In a workspace that is not trusted, VS Code leaves out what the workspace itself says. */
function serverPath(): string {
  return workspace.getConfiguration('prompd').get('server.path', '').trim();
}
