export interface ShownProblem {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly [other: string]: unknown;
}

/** Findings, with the place where they are and what can be done. */
export function Problems({ problems, none }: { problems: readonly ShownProblem[]; none: string }) {
  if (problems.length === 0) return <p role="status">{none}</p>;
  return (
    <ul className="problems">
      {problems.map(problem => (
        <li key={JSON.stringify(problem)}>
          <span className={`badge ${problem.severity === 'error' ? 'bad' : 'warn'}`}>{problem.severity}</span>{' '}
          {placeOf(problem)}
          {problem.message}{' '}
          {typeof problem['hint'] === 'string' && <span className="hint">{problem['hint']}</span>}
        </li>
      ))}
    </ul>
  );
}

function placeOf({ file, line }: ShownProblem): string {
  if (typeof file !== 'string') return '';
  return typeof line === 'number' ? `${file}, line ${line}: ` : `${file}: `;
}
