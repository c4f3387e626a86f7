import { ApiProblem } from '../api/problem.js';

/**
 * What went wrong, in the registry's words, with what can be done about it.
 * @param page whether it stands in for a whole page
 */
export function Failure({ error, page = false }: { error: unknown; page?: boolean }) {
  const Heading = page ? 'h1' : 'h2';
  const title = error instanceof ApiProblem && error.status === 404 ? 'Not found' : 'This did not work';
  return (
    <section className="failure" role="alert">
      <Heading>{title}</Heading>
      <p>{error instanceof Error ? error.message : String(error)}</p>
      {error instanceof ApiProblem && error.hint !== undefined && <p className="hint">{error.hint}</p>}
    </section>
  );
}
