import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { call } from '../../api/call.js';
import { ApiProblem } from '../../api/problem.js';
import { Copy } from '../../parts/copy.js';
import { Messages } from '../../parts/messages.js';
import { type Parameter, ParameterField, startingText, valuesOf } from '../../parts/parameter-field.js';

/** Milliseconds without a key before the prompt is rendered anew. */
const PAUSE = 300;

/** The parameters of a prompt as a form, and the messages that they make. Values go to the registry as data alone. */
export function PromptPreview(props: {
  name: string;
  version: string;
  prompt: string;
  parameters: readonly Parameter[];
}) {
  const { name, version, prompt, parameters } = props;
  const [texts, setTexts] = useState<Readonly<Record<string, string>>>(() =>
    Object.fromEntries(parameters.map(parameter => [parameter.name, startingText(parameter)])),
  );
  const settled = useSettled(texts);
  const { values, faults } = useMemo(() => valuesOf(parameters, settled), [parameters, settled]);
  const { data, error } = useQuery({
    queryKey: ['render', name, version, prompt, values],
    queryFn: ({ signal }) =>
      call(
        'renderDelivery',
        { path: { name, prompt }, body: { version, parameters: values, preview: true } },
        { signal },
      ),
    placeholderData: keepPreviousData,
    enabled: faults.size === 0,
  });
  return (
    <div className="preview">
      <form className="stack" aria-label="Parameters" onSubmit={event => event.preventDefault()}>
        {parameters.length === 0 && <p>It takes no parameters.</p>}
        {parameters.map(parameter => (
          <ParameterField
            key={parameter.name}
            parameter={parameter}
            text={texts[parameter.name] ?? ''}
            fault={faults.get(parameter.name)}
            onChange={text => setTexts(before => ({ ...before, [parameter.name]: text }))}
          />
        ))}
      </form>
      <section aria-labelledby="rendered">
        <h4 id="rendered">Rendered</h4>
        {error && (
          <div role="status" className="notice">
            <p>{error.message}</p>
            {error instanceof ApiProblem && error.hint !== undefined && <p className="hint">{error.hint}</p>}
          </div>
        )}
        {!error && data && <Messages messages={data.messages} />}
        <Copy text={`prompd render ${name}@${version}:${prompt}`} what="the command" />
      </section>
    </div>
  );
}

/** A value once it has stopped changing. */
function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), PAUSE);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
