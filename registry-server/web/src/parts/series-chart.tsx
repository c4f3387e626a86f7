const HEIGHT = 120;
const BAR = 16;
const GAP = 4;
/** Series with a colour of their own; what is beyond them is summed up. */
const SHOWN = 4;

/** Counts of one kind, by day (`2026-01-31`). */
export interface Series {
  readonly name: string;
  readonly counts: ReadonlyMap<string, number>;
}

/** What was counted on each day, of several kinds: bars on each other, with the numbers in a table. */
export function SeriesChart({
  title,
  days,
  series,
}: {
  title: string;
  days: readonly string[];
  series: readonly Series[];
}) {
  const totals = days.map(day => series.reduce((sum, { counts }) => sum + (counts.get(day) ?? 0), 0));
  const most = Math.max(1, ...totals);
  const total = totals.reduce((sum, count) => sum + count, 0);
  const said = `${total.toLocaleString()} in ${days.length} days${total > 0 ? `; at most ${most.toLocaleString()} on one day` : ''}.`;
  if (total === 0) return <p className="empty">{`${title}: nothing in ${days.length} days.`}</p>;
  return (
    <figure className="chart">
      <svg
        role="img"
        aria-label={`${title}: ${said}`}
        viewBox={`0 0 ${days.length * (BAR + GAP)} ${HEIGHT}`}
        preserveAspectRatio="none"
      >
        {days.map((day, column) => {
          let top = HEIGHT;
          return series.map(({ name, counts }, row) => {
            const count = counts.get(day) ?? 0;
            const height = (count / most) * HEIGHT;
            top -= height;
            return count === 0 ? null : (
              <rect
                key={`${day} ${name}`}
                className={`series-${row}`}
                x={column * (BAR + GAP)}
                y={top}
                width={BAR}
                height={height}
              >
                <title>{`${day}, ${name}: ${count.toLocaleString()}`}</title>
              </rect>
            );
          });
        })}
      </svg>
      <figcaption>
        {said}
        <ul className="facts plain">
          {series.map(({ name, counts }, row) => (
            <li key={name}>
              <span className={`swatch series-${row}`} aria-hidden="true" />
              {` ${name}: ${sumOf(counts).toLocaleString()}`}
            </li>
          ))}
        </ul>
      </figcaption>
      <details>
        <summary>Numbers</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard */}
        <section className="scrolls" tabIndex={0} aria-label={`Numbers of ${title}`}>
          <table>
            <caption className="hidden">{title}</caption>
            <thead>
              <tr>
                <th scope="col">Day</th>
                {series.map(({ name }) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {days
                .filter((_, at) => (totals[at] ?? 0) > 0)
                .map(day => (
                  <tr key={day}>
                    <th scope="row">{day}</th>
                    {series.map(({ name, counts }) => (
                      <td key={name}>{(counts.get(day) ?? 0).toLocaleString()}</td>
                    ))}
                  </tr>
                ))}
            </tbody>
          </table>
        </section>
      </details>
    </figure>
  );
}

/** The days up to one, oldest first. @param last as `2026-01-31` */
export function daysUpTo(last: string, length = 30): string[] {
  const end = Date.parse(`${last}T00:00:00Z`);
  return Array.from({ length }, (_, index) =>
    new Date(end - (length - 1 - index) * 86_400_000).toISOString().slice(0, 10),
  );
}

/** Today in UTC, by which the registry counts. */
export function today(now: Date = new Date()): string {
  return now.toISOString().slice(0, 10);
}

/** Sorts rows into series by a name that each has: those with the most first, what is left over in one of its own. */
export function seriesOf<T extends { readonly day: string; readonly count: number }>(
  rows: readonly T[],
  nameOf: (row: T) => string,
): Series[] {
  const all = new Map<string, Map<string, number>>();
  for (const row of rows) addTo(all, nameOf(row), row);
  const sorted = [...all].sort(([, a], [, b]) => sumOf(b) - sumOf(a));
  const shown = sorted.slice(0, sorted.length > SHOWN + 1 ? SHOWN : SHOWN + 1);
  const others = new Map<string, Map<string, number>>();
  for (const [, counts] of sorted.slice(shown.length)) {
    for (const [day, count] of counts) addTo(others, 'others', { day, count });
  }
  return [...shown, ...others].map(([name, counts]) => ({ name, counts }));
}

function addTo(
  all: Map<string, Map<string, number>>,
  name: string,
  { day, count }: { readonly day: string; readonly count: number },
): void {
  const counts = all.get(name) ?? new Map<string, number>();
  counts.set(day, (counts.get(day) ?? 0) + count);
  all.set(name, counts);
}

function sumOf(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}
