import { QueryClient } from '@tanstack/react-query';
import { ApiProblem } from './problem.js';

/** What was fetched, kept for as long as a page is looked at. A refusal is an answer: asking again gives the same. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      retry: (count, error) => count < 2 && !(error instanceof ApiProblem && error.status < 500),
    },
  },
});
