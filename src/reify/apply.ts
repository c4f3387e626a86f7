import pLimit from 'p-limit';

/** A package written aside, invisible until it is committed. */
export interface Staged {
  commit(): Promise<unknown>;
  discard(): Promise<void>;
}

export interface ApplyOptions<Wanted> {
  /** How many packages are prepared at once. */
  readonly concurrency: number;
  /** Fetches, verifies and writes one package aside. */
  readonly stage: (wanted: Wanted) => Promise<Staged>;
  /** Called once all are staged and before any is committed; when it throws, none is. */
  readonly ready?: () => void | Promise<void>;
}

/**
 * Brings packages into the store: all are staged, then all are committed. When one cannot be staged, none is committed
 * and the store is as it was.
 * @param wanted sorted, so that of several failures the same one is reported each time
 * @throws the first failure in the order of `wanted`
 */
export async function applyPlan<Wanted>(
  wanted: readonly Wanted[],
  options: ApplyOptions<Wanted>,
): Promise<void> {
  const { concurrency, stage, ready } = options;
  const limit = pLimit(Math.max(1, concurrency));
  let failed = false;
  const outcomes = await Promise.allSettled(
    wanted.map(item =>
      limit(async () => {
        // After the first failure nothing more is begun: it would be thrown away.
        if (failed) return undefined;
        try {
          return await stage(item);
        } catch (error) {
          failed = true;
          throw error;
        }
      }),
    ),
  );
  const staged = outcomes.flatMap(outcome =>
    outcome.status === 'fulfilled' && outcome.value ? [outcome.value] : [],
  );
  try {
    const failure = outcomes.find(outcome => outcome.status === 'rejected');
    if (failure) throw failure.reason;
    await ready?.();
    const committed = await limit.map(staged, item => settled(item.commit()));
    const stopped = committed.find(outcome => outcome.status === 'rejected');
    if (stopped) throw stopped.reason;
  } finally {
    await Promise.all(staged.map(item => item.discard()));
  }
}

/** The outcome of a promise, so that all that is under way is waited for before any failure is told. */
async function settled(promise: Promise<unknown>): Promise<PromiseSettledResult<unknown>> {
  const [outcome] = await Promise.allSettled([promise]);
  return outcome;
}
