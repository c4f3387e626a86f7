// What the extension finds as `vscode` in its tests: an editor without documents, whose one setting is a variable of the
// environment. Whatever nobody asks the result of is a class that does nothing.
const { env } = require('node:process');

const disposable = { dispose() {} };
const subscribe = () => disposable;

class EventEmitter {
  listeners = [];
  event = listener => {
    this.listeners.push(listener);
    return disposable;
  };
  fire(value) {
    for (const listener of this.listeners) listener(value);
  }
  dispose() {}
}

class CancellationTokenSource {
  token = { isCancellationRequested: false, onCancellationRequested: subscribe };
  cancel() {}
  dispose() {}
}

/** An object whose other members subscribe to something. */
const asking = members =>
  new Proxy(members, { get: (target, key) => (key in target ? target[key] : subscribe) });

const quiet = { logLevel: 2, onDidChangeLogLevel: subscribe, dispose() {} };
for (const name of ['append', 'appendLine', 'replace', 'clear', 'show', 'hide', 'debug', 'trace', 'info'])
  quiet[name] = () => {};
for (const name of ['warn', 'error']) quiet[name] = text => console.error(text);

const kind = value => ({ value, append: part => kind(`${value}.${part}`) });
const settings = { 'server.path': env['PROMPD_SERVER_PATH'] };

const editor = {
  EventEmitter,
  CancellationTokenSource,
  version: '1.91.0',
  CodeActionKind: { Empty: kind(''), QuickFix: kind('quickfix') },
  env: { language: 'en', appName: 'Stand-in' },
  extensions: { all: [], getExtension: () => undefined, onDidChange: subscribe },
  commands: { registerCommand: subscribe },
  languages: asking({
    match: () => 0,
    createDiagnosticCollection: () => ({ set() {}, delete() {}, clear() {}, dispose() {} }),
  }),
  window: asking({
    visibleTextEditors: [],
    tabGroups: { all: [], onDidChangeTabs: subscribe, onDidChangeTabGroups: subscribe },
    createOutputChannel: () => quiet,
    showErrorMessage: async text => console.error(text),
    showWarningMessage: async text => console.error(text),
    showInformationMessage: async () => {},
  }),
  workspace: asking({
    textDocuments: [],
    notebookDocuments: [],
    isTrusted: true,
    workspaceFolders: undefined,
    getConfiguration: () => ({ get: (key, fallback) => settings[key] ?? fallback, inspect: () => undefined }),
    createFileSystemWatcher: () => asking({ dispose() {} }),
  }),
};

module.exports = new Proxy(editor, {
  get(target, name) {
    target[name] ??= class {};
    return target[name];
  },
});
