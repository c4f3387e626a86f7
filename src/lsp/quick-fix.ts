import { type CodeAction, CodeActionKind, type Diagnostic, type TextEdit } from 'vscode-languageserver';

/** An action that mends one diagnostic by edits of its own document. */
export function fix(
  uri: string,
  diagnostic: Diagnostic,
  { title, edits }: { readonly title: string; readonly edits: TextEdit[] },
): CodeAction {
  return {
    title,
    kind: CodeActionKind.QuickFix,
    diagnostics: [diagnostic],
    edit: { changes: { [uri]: edits } },
  };
}

/** The word that a finding takes for the one that was meant. */
export function didYouMean(message: string): string | undefined {
  return /\nDid you mean "([^"\n]+)"\?$/.exec(message)?.[1];
}

/** The text of a diagnostic as this server made it. */
export function messageOf({ message }: Diagnostic): string {
  return typeof message === 'string' ? message : message.value;
}
