import type { AnswerOf } from '../../api/call.js';
import { Shown, useAsked } from '../../parts/asked.js';

type Report = AnswerOf<'getDeliveryFeedback'>['feedback'][number];

/** What applications said of each version, and where a channel is split, of the two against each other. */
export function FeedbackReport({ name, days }: { name: string; days: number }) {
  const asked = useAsked('getDeliveryFeedback', { path: { name }, query: { days } });
  const tags = useAsked('getDistTags', { path: { name } });
  return (
    <section>
      <h3>How it went</h3>
      <Shown asked={asked} what="feedback">
        {({ feedback }) =>
          feedback.length === 0 ? (
            <p className="empty">{`No application reported how it went in ${days} days.`}</p>
          ) : (
            <>
              {Object.entries(tags.data ?? {}).map(([tag, version]) => (
                <Split key={tag} name={name} tag={tag} stays={version} feedback={feedback} />
              ))}
              <Versions caption="By version" versions={versionsIn(feedback)} feedback={feedback} />
            </>
          )
        }
      </Shown>
    </section>
  );
}

function Split(of: { name: string; tag: string; stays: string; feedback: readonly Report[] }) {
  const { name, tag, stays, feedback } = of;
  const { data } = useAsked('getChannelSplit', { path: { name, tag } });
  if (!data?.split) return null;
  const { version, weight } = data.split;
  return (
    <Versions
      caption={`${tag} is split: ${100 - weight}% get ${stays}, ${weight}% get ${version}`}
      versions={[stays, version]}
      feedback={feedback}
    />
  );
}

/** Each outcome of each version, as its share of what was said of the version. */
function Versions({
  caption,
  versions,
  feedback,
}: {
  caption: string;
  versions: readonly string[];
  feedback: readonly Report[];
}) {
  const outcomes = [...new Set(feedback.map(({ outcome }) => outcome))].sort();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard
    <section className="scrolls" tabIndex={0} aria-label={caption}>
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">Outcome</th>
            {versions.map(version => (
              <th key={version} scope="col">
                {version}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {outcomes.map(outcome => (
            <tr key={outcome}>
              <th scope="row">{outcome}</th>
              {versions.map(version => (
                <td key={version}>{shareText(feedback, version, outcome)}</td>
              ))}
            </tr>
          ))}
          <tr>
            <th scope="row">Mean score</th>
            {versions.map(version => (
              <td key={version}>{scoreText(feedback.filter(row => row.version === version))}</td>
            ))}
          </tr>
        </tbody>
      </table>
    </section>
  );
}

function versionsIn(feedback: readonly Report[]): string[] {
  return [...new Set(feedback.map(({ version }) => version))];
}

function shareText(feedback: readonly Report[], version: string, outcome: string): string {
  const of = feedback.filter(row => row.version === version);
  const all = sum(of, row => row.count);
  const count = sum(
    of.filter(row => row.outcome === outcome),
    row => row.count,
  );
  return all === 0 ? 'no reports' : `${count.toLocaleString()} (${Math.round((count / all) * 100)}%)`;
}

function scoreText(of: readonly Report[]): string {
  const scored = sum(of, row => row.scored);
  if (scored === 0) return 'not scored';
  const mean = sum(of, row => (row.meanScore ?? 0) * row.scored) / scored;
  return `${mean.toFixed(2)} of ${scored.toLocaleString()} reports`;
}

function sum(rows: readonly Report[], of: (row: Report) => number): number {
  return rows.reduce((all, row) => all + of(row), 0);
}
