import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type AnswerOf, call } from './call.js';

export type User = NonNullable<AnswerOf<'getSession'>['user']>;

/** Where it is kept who is signed in. */
export const ACCOUNT = ['me'];

/** Who is signed in: undefined while that is asked, null for nobody. */
export function useAccount(): User | null | undefined {
  const { data } = useQuery({
    queryKey: ACCOUNT,
    refetchOnWindowFocus: 'always',
    queryFn: ({ signal }) => call('getSession', {}, { signal }).then(({ user }) => user),
  });
  return data;
}

/** Forgets everything that was read as somebody else. */
export function useAccountChanged(): () => Promise<void> {
  const queries = useQueryClient();
  return async () => {
    // What was asked before would say who it was then, and stand in the way of asking again.
    await queries.cancelQueries({ queryKey: ACCOUNT });
    queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== ACCOUNT[0] });
    await queries.invalidateQueries({ queryKey: ACCOUNT });
  };
}
