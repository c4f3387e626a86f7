import { useQuery } from '@tanstack/react-query';
import { type AnswerOf, call } from '../../api/call.js';
import { Ago } from '../../parts/ago.js';
import { Shown } from '../../parts/asked.js';
import { counted } from '../../parts/counted.js';
import { submits } from '../../parts/form.js';
import { Chain } from './chain.js';

type Row = AnswerOf<'getAudit'>['events'][number];

/** Which rows are shown, as the address of a page says. */
export type AuditFilter = { readonly [K in (typeof KEYS)[number]]?: string };

const KEYS = ['actor', 'subject', 'action', 'from', 'to', 'after'] as const;
const FILTERS = [
  ['actor', 'Who', 'text', 'jane'],
  ['subject', 'What it was about', 'text', 'version @bank/kyc@*'],
  ['action', 'What was done', 'text', 'approval.*'],
  ['from', 'From', 'date', undefined],
  ['to', 'Before', 'date', undefined],
] as const;

/** The rows of a chain: filtered, exported, and whether they hold. */
export function AuditLog({
  project,
  filter,
  onFilter,
  maySign,
}: {
  /** Undefined for the chain of what belongs to no project. */
  project: string | undefined;
  filter: AuditFilter;
  onFilter: (filter: AuditFilter) => void;
  maySign: boolean;
}) {
  const query = { ...filter, limit: 100 };
  const page = useQuery({
    queryKey: ['getAudit', project, query],
    queryFn: ({ signal }) =>
      project === undefined
        ? call('getAudit', { query }, { signal })
        : call('getProjectAudit', { path: { project }, query }, { signal }),
  });
  const { after: _after, ...wanted } = filter;
  const place = project === undefined ? '/audit' : `/projects/${encodeURIComponent(project)}/audit`;
  const link = (format: string) => `${place}/export?${new URLSearchParams({ ...wanted, format })}`;
  return (
    <>
      <Chain project={project} maySign={maySign} />
      <form className="row" key={JSON.stringify(filter)} onSubmit={submits(fields => onFilter(fields))}>
        {FILTERS.map(([name, label, type, example]) => (
          <label key={name}>
            {label}
            <input
              name={name}
              type={type}
              defaultValue={filter[name]}
              placeholder={example}
              maxLength={300}
            />
          </label>
        ))}
        <button type="submit">Filter</button>
        {Object.keys(filter).length > 0 && (
          <button type="button" onClick={() => onFilter({})}>
            Show all
          </button>
        )}
      </form>
      <p className="hint">A star at the end stands for anything.</p>
      <p className="row">
        <a href={link('jsonl')} download className="button">
          Export as JSON lines
        </a>
        <a href={link('csv')} download className="button">
          Export as CSV
        </a>
      </p>
      <Shown asked={page} what="the audit">
        {({ events, next, archives }) => (
          <>
            <p role="status">
              {events.length === 0 ? 'Nothing of the kind was done.' : counted(events.length, 'row')}
            </p>
            {archives.length > 0 && (
              <p className="hint">{`Rows up to ${archives.at(-1)?.seq} were moved out of the registry; what is left says which.`}</p>
            )}
            {events.length > 0 && <Rows events={events} />}
            <p className="row">
              {filter.after && (
                <button type="button" onClick={() => onFilter(wanted)}>
                  From the beginning
                </button>
              )}
              {next !== null && (
                <button type="button" onClick={() => onFilter({ ...wanted, after: String(next) })}>
                  Later rows
                </button>
              )}
            </p>
          </>
        )}
      </Shown>
    </>
  );
}

function Rows({ events }: { events: readonly Row[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard
    <section className="scrolls" tabIndex={0} aria-label="Rows of the audit">
      <table>
        <thead>
          <tr>
            {['No.', 'When', 'Who', 'Action', 'About', 'Reason', 'More'].map(name => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {events.map(row => (
            <tr key={row.seq}>
              <th scope="row">{row.seq}</th>
              <td>
                <Ago time={row.at} />
              </td>
              <td>{row.actor}</td>
              <td>{row.action}</td>
              <td>{row.subject}</td>
              <td>{row.reason}</td>
              <td>
                <More row={row} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function More({ row }: { row: Row }) {
  const { seq, at, token, before, after, requestId, previousHash, hash, details } = row;
  const facts = [
    ['At', at],
    ['By', token],
    ['Before', before],
    ['After', after],
    ['Request', requestId],
    ['Hash before', previousHash],
    ['Hash', hash],
    ['Details', Object.keys(details).length === 0 ? null : JSON.stringify(details)],
  ] as const;
  return (
    <details>
      <summary>
        All<span className="hidden">{` of row ${seq}`}</span>
      </summary>
      <dl className="facts-list">
        {facts.map(([name, value]) =>
          value === null || value === '' ? null : (
            <div key={name} className="pair">
              <dt>{name}</dt>
              <dd>
                <code>{value}</code>
              </dd>
            </div>
          ),
        )}
      </dl>
    </details>
  );
}
