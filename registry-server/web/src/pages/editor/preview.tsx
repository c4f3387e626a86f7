import type { LoadedPrompt } from 'prompd/prompt';
import { useMemo, useState } from 'react';
import { renderTyped } from './check.js';

/** The messages that a prompt becomes, with values to try it with. */
export function Preview({ prompt }: { prompt: LoadedPrompt | undefined }) {
  const [texts, setTexts] = useState<Readonly<Record<string, string>>>({});
  const rendered = useMemo(() => prompt && renderTyped(prompt, texts), [prompt, texts]);
  return (
    <section aria-labelledby="preview">
      <h2 id="preview">What it becomes</h2>
      {prompt?.parameters.map(({ definition: { name, type, required, enum: choices } }) => (
        <div key={name} className="stack">
          <label htmlFor={`try-${name}`}>{`${name} (${type}${required ? ', required' : ''})`}</label>
          {choices ? (
            <select
              id={`try-${name}`}
              value={texts[name] ?? ''}
              onChange={event => setTexts({ ...texts, [name]: event.target.value })}
            >
              <option value="">no value</option>
              {choices.map(choice => (
                <option key={String(choice)}>{String(choice)}</option>
              ))}
            </select>
          ) : (
            <input
              id={`try-${name}`}
              value={texts[name] ?? ''}
              onChange={event => setTexts({ ...texts, [name]: event.target.value })}
            />
          )}
        </div>
      ))}
      <div role="status">
        {!prompt && <p>It is rendered when its errors are mended.</p>}
        {rendered?.faults.map(fault => (
          <p key={fault}>{fault}</p>
        ))}
      </div>
      {rendered?.messages.map(({ role, content }, index) => (
        <div key={index} className="card">
          <h3>{role}</h3>
          <p className="message">{content}</p>
        </div>
      ))}
    </section>
  );
}
