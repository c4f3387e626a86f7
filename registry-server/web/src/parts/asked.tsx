import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { type AnswerOf, call, type InputOf, type OperationId } from '../api/call.js';
import { Failure } from './failure.js';
import { Loading } from './loading.js';

/**
 * Asks the registry, and again when a change says that the answer is another one now.
 * @param isKept whether a page that comes back begins with the answer it had: not where somebody goes on writing on it
 */
export function useAsked<Id extends OperationId>(
  id: Id,
  input: InputOf<Id>,
  { enabled = true, isKept = true }: { enabled?: boolean; isKept?: boolean } = {},
): UseQueryResult<AnswerOf<Id>> {
  return useQuery({
    queryKey: [id, input],
    queryFn: ({ signal }): Promise<AnswerOf<Id>> => call(id, input, { signal }),
    enabled,
    ...(isKept ? {} : { gcTime: 0 }),
  });
}

/**
 * What was asked for, once it is there; until then that it is coming, or why it is not. What was there stays when it cannot
 * be brought up to date: somebody may be writing in it.
 */
export function Shown<T>({
  asked,
  what,
  children,
}: {
  asked: UseQueryResult<T>;
  what: string;
  children: (data: NonNullable<T>) => ReactNode;
}) {
  const { data, error, refetch } = asked;
  return (
    <>
      {error && <Failure error={error} retry={() => void refetch()} />}
      {data !== undefined && data !== null ? children(data) : !error && <Loading what={what} />}
    </>
  );
}
