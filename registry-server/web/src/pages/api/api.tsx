import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { call } from '../../api/call.js';
import { Failure } from '../../parts/failure.js';
import { Loading } from '../../parts/loading.js';
import { type ApiOperation, operationsOf } from './document.js';
import { Operation } from './operation.js';

/** The API of this registry, from its own description. */
export function ApiPage() {
  const { q = '' } = useSearch({ from: '/api' });
  const navigate = useNavigate();
  const { data, error, refetch } = useQuery({
    queryKey: ['openapi'],
    queryFn: ({ signal }) => call('openapi', {}, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const operations = useMemo(() => operationsOf(data), [data]);
  const shown = operations.filter(operation => matches(operation, q));
  const groups = [...new Set(shown.map(({ group }) => group))];
  return (
    <div className="page">
      <title>API · prompd</title>
      <h1>API</h1>
      <p>
        {'Every refusal is a problem document (RFC 9457). Made from '}
        <a href="/openapi.json">openapi.json</a>.
      </p>
      <label className="narrow">
        Find an operation
        <input
          type="search"
          value={q}
          onChange={event =>
            void navigate({
              to: '/api',
              search: event.target.value === '' ? {} : { q: event.target.value },
              replace: true,
              resetScroll: false,
            })
          }
        />
      </label>
      {error ? (
        <Failure error={error} retry={() => void refetch()} />
      ) : (
        !data && <Loading what="the description" />
      )}
      {data && <p role="status">{shown.length === 1 ? '1 operation' : `${shown.length} operations`}</p>}
      {groups.map(group => (
        <section key={group} aria-labelledby={`group-${group}`}>
          <h2 id={`group-${group}`}>{group}</h2>
          {shown
            .filter(operation => operation.group === group)
            .map(operation => (
              <Operation key={operation.id} operation={operation} />
            ))}
        </section>
      ))}
    </div>
  );
}

function matches({ id, method, address, summary }: ApiOperation, words: string): boolean {
  const text = `${id} ${method} ${address} ${summary}`.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every(word => text.includes(word));
}
