import { type UseMutationResult, useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import type { OperationId } from '../api/call.js';
import { Failure } from './failure.js';

/**
 * Something that a page changes. What other pages keep is asked for again when they are opened. While it is under way, the
 * same once more is not begun: somebody who waits presses again.
 * @param stale what is asked for anew at once when it is done
 */
export function useChange<Input, Result>(
  change: (input: Input) => Promise<Result>,
  stale: readonly OperationId[],
): UseMutationResult<Result, Error, Input> {
  const queries = useQueryClient();
  const underWay = useRef(new Set<string>());
  const mutation = useMutation({
    mutationFn: change,
    onSuccess: async () => {
      await queries.invalidateQueries({ refetchType: 'none' });
      await queries.invalidateQueries({ predicate: ({ queryKey }) => stale.some(id => id === queryKey[0]) });
    },
    onSettled: (_data, _error, input) => {
      underWay.current.delete(JSON.stringify(input) ?? '');
    },
  });
  const mutate: typeof mutation.mutate = (...input) => {
    const key = JSON.stringify(input[0]) ?? '';
    if (underWay.current.has(key)) return;
    underWay.current.add(key);
    mutation.mutate(...input);
  };
  return { ...mutation, mutate };
}

/** How a change went: why it did not, or what is so now. */
export function Outcome({
  of: { error, isSuccess },
  said,
}: {
  of: { error: unknown; isSuccess: boolean };
  said?: string;
}) {
  if (error) return <Failure error={error} />;
  return <p role="status">{isSuccess && said ? said : ''}</p>;
}
