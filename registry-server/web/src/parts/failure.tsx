import { Link } from '@tanstack/react-router';
import { ApiProblem } from '../api/problem.js';

/**
 * What went wrong, in the registry's words, with what can be done about it.
 * @param page whether it stands in for a whole page
 * @param retry asks again; offered where that may help
 */
export function Failure({
  error,
  page = false,
  retry,
}: {
  error: unknown;
  page?: boolean;
  retry?: () => void;
}) {
  const Heading = page ? 'h1' : 'h2';
  const problem = error instanceof ApiProblem ? error : undefined;
  const mayPass = problem === undefined || problem.status >= 500 || problem.status === 429;
  const said = (
    <section className="failure" role="alert">
      <Heading>{problem?.status === 404 ? 'Not found' : 'This did not work'}</Heading>
      <p>{error instanceof Error ? error.message : String(error)}</p>
      {problem?.status === 404 ? (
        <p className="hint">
          The name may be mistyped, or only members see it. <Link to="/search">All packages</Link>
        </p>
      ) : (
        problem?.hint !== undefined && <p className="hint">{problem.hint}</p>
      )}
      {retry && mayPass && (
        <button type="button" onClick={retry}>
          Try again
        </button>
      )}
    </section>
  );
  return page ? <div className="page">{said}</div> : said;
}
