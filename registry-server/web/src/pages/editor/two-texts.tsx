import { MergeView } from '@codemirror/merge';
import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { useEffect, useRef } from 'react';
import { appearance } from './extensions.js';

interface Side {
  readonly text: string;
  readonly label: string;
}

/** Two texts beside each other, with what differs marked, and the first of it in sight. */
export function TwoTexts({ left, right }: { left: Side; right: Side }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!place.current) return;
    const side = ({ text, label }: Side) => ({
      doc: text,
      extensions: [
        appearance(label),
        EditorState.readOnly.of(true),
        // What scrolls is reached by the keyboard.
        EditorView.contentAttributes.of({ tabindex: '0' }),
      ],
    });
    const view = new MergeView({ a: side(left), b: side(right), parent: place.current });
    const [first] = view.chunks;
    if (first) {
      const { doc } = view.b.state;
      const sight = EditorView.scrollIntoView(Math.min(first.fromB, doc.length), {
        y: 'nearest',
        yMargin: 60,
      });
      view.b.dispatch({ effects: sight });
    }
    return () => view.destroy();
  }, [left, right]);
  return <div ref={place} className="scrolls" />;
}
