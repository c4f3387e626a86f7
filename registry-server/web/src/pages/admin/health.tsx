import type { AnswerOf } from '../../api/call.js';
import { Ago } from '../../parts/ago.js';
import { Shown, useAsked } from '../../parts/asked.js';
import { ScrollingTable } from '../../parts/scrolling-table.js';
import { Shares } from '../../parts/shares.js';
import { AdminFrame } from './admin-frame.js';

type Health = AnswerOf<'getRegistryHealth'>;

const LOOKS = { works: 'good', fails: 'bad', absent: '' } as const;
const WORDS = { works: 'works', fails: 'does not answer', absent: 'not in use' } as const;

/** How the server that answers does, and all that it depends on. */
export function HealthPage() {
  return <AdminFrame title="Health">{() => <State />}</AdminFrame>;
}

function State() {
  const asked = useAsked('getRegistryHealth', {});
  return (
    <>
      <p className="row">
        <button type="button" onClick={() => void asked.refetch()} disabled={asked.isFetching}>
          Look again
        </button>
      </p>
      <Shown asked={asked} what="the health">
        {health => (
          <>
            <p role="status">
              {health.parts.some(({ state }) => state === 'fails')
                ? 'Something does not work.'
                : 'All that is in use works.'}{' '}
              {'This server has run since '}
              <Ago time={health.startedAt} />.
            </p>
            <Parts health={health} />
            <Queues queues={health.queues} />
            <Chains chains={health.chains} />
            <Deliveries deliveries={health.deliveries} />
          </>
        )}
      </Shown>
    </>
  );
}

function Parts({ health: { parts, connections, uplinks } }: { health: Health }) {
  return (
    <section>
      <h3>What it depends on</h3>
      <ul className="plain">
        {parts.map(({ name, state, milliseconds }) => (
          <li key={name}>
            {`${name} `}
            <span className={`badge ${LOOKS[state]}`}>{WORDS[state]}</span>
            {milliseconds !== null && ` in ${milliseconds} ms`}
          </li>
        ))}
        {uplinks.map(({ name, state }) => (
          <li key={name}>
            {`uplink ${name} `}
            <span className={`badge ${state === 'up' ? 'good' : 'warn'}`}>{state}</span>
          </li>
        ))}
      </ul>
      {connections && (
        <p>{`${connections.total - connections.idle} of ${connections.total} connections to PostgreSQL are in use; ${connections.waiting} requests wait for one.`}</p>
      )}
    </section>
  );
}

function Queues({ queues }: Pick<Health, 'queues'>) {
  return (
    <section>
      <h3>What waits</h3>
      {queues.length === 0 && <p>The database does not tell.</p>}
      {queues.length > 0 && (
        <ScrollingTable title="Queues" head={['Queue', 'Waiting', 'Oldest', 'Failed in a day']}>
          {queues.map(({ name, waiting, oldestAt, failed }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{waiting.toLocaleString()}</td>
              <td>{oldestAt ? <Ago time={oldestAt} /> : 'nothing waits'}</td>
              <td>{failed.toLocaleString()}</td>
            </tr>
          ))}
        </ScrollingTable>
      )}
    </section>
  );
}

function Chains({ chains }: Pick<Health, 'chains'>) {
  if (chains.length === 0) return null;
  return (
    <section>
      <h3>How far the audit is signed</h3>
      <ScrollingTable
        title="Chains of the audit"
        head={['Chain', 'Rows', 'Not signed yet', 'Last checkpoint']}
      >
        {chains.map(({ chain, rows, signed, signedAt }) => (
          <tr key={chain}>
            <th scope="row">{chain}</th>
            <td>{rows.toLocaleString()}</td>
            <td>{(rows - signed).toLocaleString()}</td>
            <td>{signedAt ? <Ago time={signedAt} /> : 'none'}</td>
          </tr>
        ))}
      </ScrollingTable>
    </section>
  );
}

function Deliveries({ deliveries: { memory, redis, database, stale } }: Pick<Health, 'deliveries'>) {
  const isIdle = memory + redis + database + stale === 0;
  return (
    <section>
      <h3>Where deliveries came from</h3>
      {isIdle && <p className="empty">This server has delivered nothing yet.</p>}
      <Shares
        title="Since this server runs"
        rows={[
          ['memory', memory],
          ['Redis', redis],
          ['database', database],
          ['kept, while the database did not answer', stale],
        ]}
      />
    </section>
  );
}
