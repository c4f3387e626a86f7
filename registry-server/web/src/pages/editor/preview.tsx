import type { LoadedPrompt } from 'prompd/prompt';
import { useMemo, useState } from 'react';
import { Messages } from '../../parts/messages.js';
import { ParameterField } from '../../parts/parameter-field.js';
import { renderTyped } from './check.js';

/** The messages that a prompt becomes, with values to try it with. */
export function Preview({ prompt }: { prompt: LoadedPrompt | undefined }) {
  const [texts, setTexts] = useState<Readonly<Record<string, string>>>({});
  const rendered = useMemo(() => prompt && renderTyped(prompt, texts), [prompt, texts]);
  return (
    <section aria-labelledby="preview">
      <h2 id="preview">What it becomes</h2>
      {prompt?.parameters.map(({ definition }) => (
        <ParameterField
          key={definition.name}
          parameter={definition}
          text={texts[definition.name] ?? ''}
          fault={undefined}
          onChange={text => setTexts(before => ({ ...before, [definition.name]: text }))}
        />
      ))}
      <div role="status">
        {!prompt && <p>It is rendered when its errors are mended.</p>}
        {rendered?.faults.map(fault => (
          <p key={fault}>{fault}</p>
        ))}
      </div>
      {rendered && rendered.messages.length > 0 && <Messages messages={rendered.messages} />}
    </section>
  );
}
