const SPANS = [7, 30, 90] as const;

/** How far a chart looks back. */
export function Span({ days, onChange }: { days: number; onChange: (days: number) => void }) {
  return (
    <label className="span">
      Days{' '}
      <select value={days} onChange={event => onChange(Number(event.target.value))}>
        {SPANS.map(one => (
          <option key={one} value={one}>{`the last ${one}`}</option>
        ))}
      </select>
    </label>
  );
}
