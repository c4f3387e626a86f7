import { PrompdError } from '../core/errors.js';

/** The error for an archive above the limit, in bytes. */
export function tooLarge(subject: string, limit: number): PrompdError {
  return new PrompdError('EARCHIVELIMIT', `The archive ${subject} is larger than the limit.`, {
    facts: { archive: subject, limit },
    hint: 'Raise "network.maxArchiveBytes" in config.json in your prompd folder if you trust it.',
  });
}
