import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { type AnswerOf, call, type InputOf, type OperationId } from '../api/call.js';
import { Failure } from './failure.js';
import { Loading } from './loading.js';

/** Asks the registry, and again when a change says that the answer is another one now. */
export function useAsked<Id extends OperationId>(
  id: Id,
  input: InputOf<Id>,
  { enabled = true }: { enabled?: boolean } = {},
): UseQueryResult<AnswerOf<Id>> {
  return useQuery({
    queryKey: [id, input],
    queryFn: ({ signal }): Promise<AnswerOf<Id>> => call(id, input, { signal }),
    enabled,
  });
}

/** What was asked for, once it is there; until then that it is coming, or why it is not. */
export function Shown<T>({
  asked,
  what,
  children,
}: {
  asked: UseQueryResult<T>;
  what: string;
  children: (data: NonNullable<T>) => ReactNode;
}) {
  if (asked.error) return <Failure error={asked.error} />;
  if (asked.data === undefined || asked.data === null) return <Loading what={what} />;
  return children(asked.data);
}
