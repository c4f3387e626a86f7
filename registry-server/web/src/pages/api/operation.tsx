import { ScrollingPlace } from '../../parts/scrolling-table.js';
import type { ApiField, ApiOperation } from './document.js';

/** One operation: closed it says what it does, open what it takes and gives. */
export function Operation({ operation }: { operation: ApiOperation }) {
  const { id, method, address, summary, parameters, body, answers, open } = operation;
  return (
    <details className="operation" id={id}>
      <summary>
        <span className="method">{method}</span> <code>{address}</code> {summary}
      </summary>
      <p className="hint">{`${id}. ${open ? 'Anybody may ask.' : 'It takes a token or a session.'}`}</p>
      <Fields title="Parameters" fields={parameters} />
      <Fields title="Body" fields={body} />
      {answers.map(({ status, description, fields }) => (
        <div key={status}>
          <p>
            <strong>{status === 'default' ? 'otherwise' : status}</strong> {description}
          </p>
          <Fields title={`Answer ${status}`} fields={fields} />
        </div>
      ))}
    </details>
  );
}

function Fields({ title, fields }: { title: string; fields: readonly ApiField[] }) {
  if (fields.length === 0) return null;
  return (
    <ScrollingPlace title={title}>
      <table>
        <caption>{title}</caption>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Type</th>
            <th scope="col">Meaning</th>
          </tr>
        </thead>
        <tbody>
          {fields.map(({ name, place, type, required, description }) => (
            <tr key={`${place} ${name}`}>
              <th scope="row">
                <code>{name}</code>
              </th>
              <td>{type}</td>
              <td>
                {place === 'body' ? '' : `${place}${required ? ', required' : ''}. `}
                {place === 'body' && required && 'Always there. '}
                {description}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollingPlace>
  );
}
