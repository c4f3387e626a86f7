import { type ReactNode, useState } from 'react';
import { type Filled, submits } from './form.js';

/**
 * Something that is hard to take back. It is folded away; what it does stands before it, and who does it types the name of
 * what it is done to.
 */
export function ByName({
  name,
  act,
  isPending = false,
  onSure,
  children,
}: {
  name: string;
  /** What is done, `Revoke`. */
  act: string;
  isPending?: boolean;
  onSure: (fields: Filled, all: FormData) => void;
  /** What it does, and fields for what it takes. */
  children: ReactNode;
}) {
  const [typed, setTyped] = useState('');
  return (
    <details className="card">
      <summary>{`${act} ${name}`}</summary>
      <form
        className="stack"
        onSubmit={submits((fields, all) => {
          onSure(fields, all);
          setTyped('');
        })}
      >
        {children}
        <label>
          <span>
            Type <code>{name}</code> to go on
          </span>
          <input
            value={typed}
            onChange={event => setTyped(event.target.value)}
            autoComplete="off"
            spellCheck={false}
            required
          />
        </label>
        <p>
          <button type="submit" className="danger" disabled={typed.trim() !== name || isPending}>
            {act}
          </button>
        </p>
      </form>
    </details>
  );
}
