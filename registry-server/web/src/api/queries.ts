import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ACCOUNT } from './account.js';
import { ApiProblem } from './problem.js';

/**
 * What was fetched, kept for as long as a page is looked at. A refusal is an answer: asking again gives the same. Without
 * a network everything is tried all the same, so that it is said why nothing comes.
 */
export const queries = new QueryClient({
  queryCache: new QueryCache({ onError: (error, { queryKey }) => queryKey !== ACCOUNT && lookWho(error) }),
  mutationCache: new MutationCache({ onError: error => lookWho(error) }),
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      networkMode: 'always',
      retry: (count, error) => count < 2 && !(error instanceof ApiProblem && error.status < 500),
    },
    mutations: { networkMode: 'always' },
  },
});

/** Whoever is not let in may be signed in no longer. */
function lookWho(error: Error): void {
  if (error instanceof ApiProblem && error.status === 401)
    void queries.invalidateQueries({ queryKey: ACCOUNT });
}
