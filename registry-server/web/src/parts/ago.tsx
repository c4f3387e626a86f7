const UNITS = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;
const WORDS = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** A time, as long ago as it is; the time itself on a closer look. */
export function Ago({ time, now = Date.now() }: { time: string; now?: number }) {
  const seconds = (new Date(time).getTime() - now) / 1000;
  const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? ['second', 1];
  return (
    <time dateTime={time} title={new Date(time).toLocaleString()}>
      {unit === 'second' ? 'just now' : WORDS.format(Math.round(seconds / size), unit)}
    </time>
  );
}
