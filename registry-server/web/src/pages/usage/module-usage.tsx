import { useState } from 'react';
import { Shown, useAsked } from '../../parts/asked.js';
import { daysUpTo, SeriesChart, seriesOf, today } from '../../parts/series-chart.js';
import { Shares } from '../../parts/shares.js';
import { ModuleFrame } from '../module/module-frame.js';
import { FeedbackReport } from './feedback.js';
import { Impact } from './impact.js';
import { Span } from './span.js';

const KINDS = [
  ['version', 'version'],
  ['tag', 'channel'],
  ['token', 'credential'],
  ['prompt', 'prompt'],
] as const;
type Kind = (typeof KINDS)[number][0];

/** Who takes a module, what they say of it, and whom a change of it would hit. */
export function ModuleUsage() {
  return (
    <ModuleFrame title="Usage">
      {({ module }) =>
        module.latest === null ? (
          <>
            <h2>Usage</h2>
            <p>Nothing of this module is published yet.</p>
          </>
        ) : (
          <Use name={module.package} />
        )
      }
    </ModuleFrame>
  );
}

function Use({ name }: { name: string }) {
  const [days, setDays] = useState(30);
  return (
    <>
      <h2>Usage</h2>
      <Span days={days} onChange={setDays} />
      <Deliveries name={name} days={days} />
      <Downloads name={name} />
      <FeedbackReport name={name} days={days} />
      <Impact name={name} />
    </>
  );
}

function Deliveries({ name, days }: { name: string; days: number }) {
  const [kind, setKind] = useState<Kind>('version');
  const asked = useAsked('getDeliveryUsage', { path: { name }, query: { days } });
  return (
    <section>
      <h3>Delivered to applications</h3>
      <label className="span">
        Grouped by{' '}
        <select
          value={kind}
          onChange={event => setKind(KINDS.find(([id]) => id === event.target.value)?.[0] ?? 'version')}
        >
          {KINDS.map(([id, title]) => (
            <option key={id} value={id}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <Shown asked={asked} what="deliveries">
        {({ usage }) => (
          <SeriesChart
            title="Delivered a day"
            days={daysUpTo(today(), days)}
            series={seriesOf(usage, row => row[kind] || 'asked for by version')}
          />
        )}
      </Shown>
    </section>
  );
}

function Downloads({ name }: { name: string }) {
  const asked = useAsked('getDownloads', { path: { name } });
  const days = daysUpTo(today());
  return (
    <section>
      <h3>Downloaded by installations</h3>
      <Shown asked={asked} what="downloads">
        {({ days: counted, versions, clients }) => (
          <>
            <SeriesChart
              title="Downloads a day"
              days={days}
              series={[{ name: 'downloads', counts: new Map(counted.map(({ day, count }) => [day, count])) }]}
            />
            <Shares title="By version" rows={versions.map(row => [row.version, row.count])} />
            <Shares title="By client" rows={clients.map(row => [row.client, row.count])} />
          </>
        )}
      </Shown>
    </section>
  );
}
