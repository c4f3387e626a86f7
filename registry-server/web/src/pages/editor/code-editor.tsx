import { setDiagnostics } from '@codemirror/lint';
import { EditorView } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import type { ShownProblem } from '../../parts/problems.js';
import { appearance, writing } from './extensions.js';

interface EditorProps {
  readonly text: string;
  readonly problems: readonly ShownProblem[];
  /** Names of parameters, offered as one types. */
  readonly names: readonly string[];
  readonly label: string;
  readonly onChange: (text: string) => void;
}

/** The source of a prompt, with what is wrong marked where it is. */
export function CodeEditor({ text, problems, names, label, onChange }: EditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const latest = useRef({ names, onChange, text });
  latest.current = { names, onChange, text };

  useEffect(() => {
    const parent = place.current;
    if (!parent) return;
    const editor = new EditorView({
      doc: latest.current.text,
      parent,
      extensions: [
        appearance(label),
        writing(() => latest.current.names),
        EditorView.updateListener.of(update => {
          if (update.docChanged) latest.current.onChange(update.state.doc.toString());
        }),
      ],
    });
    view.current = editor;
    return () => editor.destroy();
  }, [label]);

  useEffect(() => {
    const editor = view.current;
    if (editor && editor.state.doc.toString() !== text) {
      editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } });
    }
  }, [text]);

  useEffect(() => {
    const editor = view.current;
    if (editor) editor.dispatch(setDiagnostics(editor.state, diagnosticsOf(editor, problems)));
  }, [problems]);

  return <div ref={place} />;
}

function diagnosticsOf({ state }: EditorView, problems: readonly ShownProblem[]) {
  return problems.map(({ severity, message, ...place }) => {
    const number = typeof place['line'] === 'number' ? place['line'] : 1;
    const line = state.doc.line(Math.min(Math.max(1, number), state.doc.lines));
    const column = typeof place['column'] === 'number' ? place['column'] - 1 : 0;
    return { from: Math.min(line.from + column, line.to), to: line.to, severity, message };
  });
}
