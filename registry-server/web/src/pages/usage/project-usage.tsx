import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { AnswerOf } from '../../api/call.js';
import { Ago } from '../../parts/ago.js';
import { Shown, useAsked } from '../../parts/asked.js';
import { daysUpTo, SeriesChart, today } from '../../parts/series-chart.js';
import { ProjectFrame } from '../projects/project-frame.js';
import { Span } from './span.js';

type Usage = AnswerOf<'getProjectUsage'>;

/** What is taken of a project: by installations, and by running applications. */
export function ProjectUsage() {
  return <ProjectFrame title="Usage">{({ project }) => <Use project={project} />}</ProjectFrame>;
}

function Use({ project }: { project: string }) {
  const [days, setDays] = useState(30);
  const asked = useAsked('getProjectUsage', { path: { project }, query: { days } });
  return (
    <>
      <h2>Usage</h2>
      <Span days={days} onChange={setDays} />
      <Shown asked={asked} what="the usage">
        {usage => (
          <>
            <Chart usage={usage} days={days} />
            <Modules usage={usage} project={project} />
          </>
        )}
      </Shown>
    </>
  );
}

function Chart({ usage, days }: { usage: Usage; days: number }) {
  const of = (name: string, kind: 'downloads' | 'deliveries') => ({
    name,
    counts: new Map(usage.days.map(one => [one.day, one[kind]])),
  });
  return (
    <SeriesChart
      title="Taken a day"
      days={daysUpTo(today(), days)}
      series={[of('deliveries to applications', 'deliveries'), of('downloads', 'downloads')]}
    />
  );
}

function Modules({ usage: { packages }, project }: { usage: Usage; project: string }) {
  if (packages.length === 0) return <p>Nothing of this project is published yet.</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard
    <section className="scrolls" tabIndex={0} aria-label="Usage by module">
      <table>
        <caption className="hidden">Usage by module</caption>
        <thead>
          <tr>
            {['Module', 'Latest', 'Deliveries', 'Downloads', 'Reports of how it went'].map(title => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {packages.map(({ package: name, latest, publishedAt, deliveries, downloads, feedback }) => (
            <tr key={name}>
              <th scope="row">
                <Link
                  to="/projects/$project/modules/$module/usage"
                  params={{ project, module: name.slice(name.indexOf('/') + 1) }}
                >
                  {name}
                </Link>
              </th>
              <td>
                {`${latest}, `}
                <Ago time={publishedAt} />
              </td>
              <td>{deliveries.toLocaleString()}</td>
              <td>{downloads.toLocaleString()}</td>
              <td>{feedback.toLocaleString()}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
