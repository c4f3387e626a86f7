import { PrompdError } from '../../core/errors.js';

/** One thing that was looked at. */
export interface Check {
  readonly title: string;
  /** `warn`: works, and should be seen to; `fail`: something will not work. */
  readonly status: 'ok' | 'warn' | 'fail';
  /** What was found, a sentence or less. */
  readonly detail: string;
  /** What to do about it; undefined when all is well. */
  readonly fix?: string | undefined;
}

/** What a check found, without its title. */
export type Finding = Omit<Check, 'title'>;

/** Runs a check; a failure of the check itself is what it found. */
export async function checked(title: string, run: () => Promise<Finding> | Finding): Promise<Check> {
  try {
    return { title, ...(await run()) };
  } catch (error) {
    return { title, ...failed(error) };
  }
}

/** A failure as a finding. */
export function failed(error: unknown): Finding {
  return error instanceof PrompdError
    ? { status: 'fail', detail: `${error.code}: ${error.message}`, fix: error.hint }
    : { status: 'fail', detail: error instanceof Error ? error.message : String(error) };
}

export function fine(detail: string): Finding {
  return { status: 'ok', detail };
}
