/** What the registry says when it does not do what it was asked for (RFC 9457). */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly hint: string | undefined,
    /** All that the answer holds, for what shows more of it. */
    readonly document: Readonly<Record<string, unknown>>,
  ) {
    super(message);
  }
}

/** Reads an answer that is no success. */
export async function problemOf(answer: Response): Promise<ApiProblem> {
  const document = await answer.json().then(asRecord, () => asRecord(undefined));
  const text = (key: string) => (typeof document[key] === 'string' ? document[key] : undefined);
  return new ApiProblem(
    answer.status,
    text('code') ?? 'EINTERNAL',
    text('detail') ?? `The registry answered ${answer.status}.`,
    text('hint'),
    document,
  );
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
