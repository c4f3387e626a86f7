import { useMemo } from 'react';

export interface Message {
  readonly role: string;
  readonly content: string;
}

/** The messages of a rendered prompt, as they would be sent. */
export function Messages({ messages }: { messages: readonly Message[] }) {
  return (
    <ol className="messages plain">
      {messages.map(({ role, content }, index) => (
        <li key={index}>
          <span className="badge">{role}</span>
          <Text of={content} />
        </li>
      ))}
    </ol>
  );
}

/** Lines that are laid out as one piece. */
const LINES = 100;

/** A long text in pieces: the browser lays out those that are looked at, and anew those that changed. */
function Text({ of }: { of: string }) {
  const pieces = useMemo(() => piecesOf(of), [of]);
  if (pieces.length === 1) return <pre>{of}</pre>;
  return (
    <pre>
      {pieces.map((piece, index) => (
        <span key={index} className="piece">
          {piece}
        </span>
      ))}
    </pre>
  );
}

function piecesOf(text: string): readonly string[] {
  const lines = text.split('\n');
  const pieces: string[] = [];
  for (let at = 0; at < lines.length; at += LINES) {
    const isLast = at + LINES >= lines.length;
    pieces.push(`${lines.slice(at, at + LINES).join('\n')}${isLast ? '' : '\n'}`);
  }
  return pieces;
}
