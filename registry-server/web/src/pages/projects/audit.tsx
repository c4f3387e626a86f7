import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { call } from '../../api/call.js';
import { Ago } from '../../parts/ago.js';
import { Shown, useAsked } from '../../parts/asked.js';
import { Outcome, useChange } from '../../parts/change.js';
import { submits } from '../../parts/form.js';
import { type OpenProject, ProjectFrame } from './project-frame.js';

const FILTERS = [
  ['actor', 'Who', 'text'],
  ['subject', 'What it was about', 'text'],
  ['action', 'What was done', 'text'],
  ['from', 'From', 'date'],
  ['to', 'Until', 'date'],
] as const;

/** Everything that was done in a project, as its chain has it. */
export function Audit() {
  return <ProjectFrame title="Audit">{project => <Log project={project} />}</ProjectFrame>;
}

function Log({ project: { project, you } }: { project: OpenProject }) {
  const search = useSearch({ from: '/projects/$project/audit' });
  const navigate = useNavigate();
  const page = useAsked('getProjectAudit', { path: { project }, query: { ...search, limit: 100 } });
  const link = (format: string) =>
    `/projects/${encodeURIComponent(project)}/audit/export?${new URLSearchParams({ ...search, format })}`;
  return (
    <>
      <h2>Audit</h2>
      <Chain project={project} isAdmin={you.roles.includes('admin')} />
      <form
        className="row"
        key={JSON.stringify(search)}
        onSubmit={submits(
          filter => void navigate({ to: '/projects/$project/audit', params: { project }, search: filter }),
        )}
      >
        {FILTERS.map(([name, label, type]) => (
          <label key={name}>
            {label}
            <input name={name} type={type} defaultValue={search[name]} maxLength={300} />
          </label>
        ))}
        <button type="submit">Filter</button>
      </form>
      <p className="row">
        <a href={link('jsonl')} download className="button">
          Export as JSON lines
        </a>
        <a href={link('csv')} download className="button">
          Export as CSV
        </a>
      </p>
      <Shown asked={page} what="the audit">
        {({ events, next }) => (
          <>
            <p role="status">
              {events.length === 0 ? 'Nothing of the kind was done.' : `${events.length} rows`}
            </p>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard */}
            <section className="scrolls" tabIndex={0} aria-label="Rows of the audit">
              <table>
                <thead>
                  <tr>
                    {['No.', 'When', 'Who', 'Action', 'About', 'Reason'].map(name => (
                      <th key={name} scope="col">
                        {name}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {events.map(({ seq, at, actor, action, subject, reason }) => (
                    <tr key={seq}>
                      <th scope="row">{seq}</th>
                      <td>
                        <Ago time={at} />
                      </td>
                      <td>{actor}</td>
                      <td>{action}</td>
                      <td>{subject}</td>
                      <td>{reason}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </section>
            {next !== null && (
              <p>
                <Link
                  to="/projects/$project/audit"
                  params={{ project }}
                  search={{ ...search, after: String(next) }}
                >
                  Later rows
                </Link>
              </p>
            )}
          </>
        )}
      </Shown>
    </>
  );
}

/** What was signed of the chain last. */
function Chain({ project, isAdmin }: { project: string; isAdmin: boolean }) {
  const asked = useAsked('listProjectAuditCheckpoints', { path: { project }, query: { limit: 1 } });
  const sign = useChange(
    () => call('signProjectAuditCheckpoint', { path: { project } }),
    ['listProjectAuditCheckpoints'],
  );
  return (
    <section className="card">
      <h3>The chain</h3>
      <p>Each row holds the hash of the one before it: a row that is changed or left out shows.</p>
      <Shown asked={asked} what="checkpoints">
        {({ checkpoints: [last] }) =>
          last ? (
            <p>
              {`The registry signed ${last.size} rows `}
              <Ago time={last.at} />: <code className="secret">{last.hash}</code>
            </p>
          ) : (
            <p>Nothing of it was signed yet.</p>
          )
        }
      </Shown>
      {isAdmin && (
        <button type="button" onClick={() => sign.mutate()}>
          Sign it as it is now
        </button>
      )}
      <Outcome of={sign} said="It is signed." />
      <p className="hint">
        <code>prompd registry audit verify</code> checks an export without the registry.
      </p>
    </section>
  );
}
