const HEIGHT = 120;
const BAR = 16;
const GAP = 4;

export interface DayCount {
  readonly day: string;
  readonly count: number;
}

/** What was counted on each day, as bars; the numbers stand in a table below for who wants or needs them. */
export function DayChart({ title, days }: { title: string; days: readonly DayCount[] }) {
  const most = Math.max(1, ...days.map(({ count }) => count));
  const total = days.reduce((sum, { count }) => sum + count, 0);
  const said = `${total.toLocaleString()} in ${days.length} days; at most ${most === 1 && total === 0 ? 0 : most.toLocaleString()} on one day.`;
  return (
    <figure className="chart">
      <svg
        role="img"
        aria-label={`${title}: ${said}`}
        viewBox={`0 0 ${days.length * (BAR + GAP)} ${HEIGHT}`}
        preserveAspectRatio="none"
      >
        {days.map(({ day, count }, index) => {
          const height = count === 0 ? 1 : Math.max(3, (count / most) * HEIGHT);
          return (
            <rect key={day} x={index * (BAR + GAP)} y={HEIGHT - height} width={BAR} height={height}>
              <title>{`${day}: ${count.toLocaleString()}`}</title>
            </rect>
          );
        })}
      </svg>
      <figcaption>{said}</figcaption>
      <details>
        <summary>Numbers</summary>
        <table>
          <caption className="hidden">{title}</caption>
          <thead>
            <tr>
              <th scope="col">Day</th>
              <th scope="col">Count</th>
            </tr>
          </thead>
          <tbody>
            {days
              .filter(({ count }) => count > 0)
              .map(({ day, count }) => (
                <tr key={day}>
                  <td>{day}</td>
                  <td>{count.toLocaleString()}</td>
                </tr>
              ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}

/** Every day up to one, also those on which nothing was counted. @param last as `2026-01-31` */
export function everyDay(counted: readonly DayCount[], last: string, length = 30): DayCount[] {
  const known = new Map(counted.map(({ day, count }) => [day, count]));
  const end = Date.parse(`${last}T00:00:00Z`);
  return Array.from({ length }, (_, index) => {
    const day = new Date(end - (length - 1 - index) * 86_400_000).toISOString().slice(0, 10);
    return { day, count: known.get(day) ?? 0 };
  });
}
