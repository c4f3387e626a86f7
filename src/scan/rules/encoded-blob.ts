import { entropyOf } from '../entropy.js';
import type { Match, TextFile, TextRule } from '../rule.js';

/** Longer than any hash or signature that people write into texts (SHA-512 in hex has 128). */
const MIN_BASE64 = 180;
const MIN_HEX = 200;
/** Encoders wrap lines at 60 to 76 characters. */
const MIN_WRAPPED_LINE = 56;

/** Long base64 or hex: content that neither a reviewer nor a rule can read. */
export const encodedBlob: TextRule = {
  id: 'encoded-blob',
  *checkText(file: TextFile): Generator<Match> {
    let run: { index: number; text: string } | undefined;
    for (const { 0: line, index } of file.text.matchAll(/[^\r\n]+/g)) {
      const wrapped = line.trim();
      if (isWrapped(wrapped, run !== undefined)) {
        run = { index: run?.index ?? index, text: (run?.text ?? '') + wrapped };
        continue;
      }
      yield* judge(run);
      run = undefined;
      for (const word of line.matchAll(/[A-Za-z0-9+/_-]{180,}={0,2}/g)) {
        yield* judge({ index: index + word.index, text: word[0] });
      }
    }
    yield* judge(run);
  },
};

/** A line that is nothing but encoded text; the last one of a block may be short. */
function isWrapped(line: string, inside: boolean): boolean {
  return line.length >= (inside ? 4 : MIN_WRAPPED_LINE) && /^[A-Za-z0-9+/_-]+={0,2}$/.test(line);
}

function* judge(run: { index: number; text: string } | undefined): Generator<Match> {
  if (!run) return;
  // A prefix tells what it is; measuring megabytes adds nothing.
  const sample = run.text.slice(0, 4096);
  const hex = /^[0-9a-fA-F]+$/.test(sample);
  const long = run.text.length >= (hex ? MIN_HEX : MIN_BASE64);
  const random = hex ? entropyOf(sample) >= 2.5 : isBase64(sample);
  if (!long || !random) return;
  yield {
    severity: 'warning',
    message: `${run.text.length} characters of ${hex ? 'hexadecimal' : 'base64'}: nobody can review what they hold.`,
    hint: 'Write the content as text, or put it into a file of its own.',
    index: run.index,
  };
}

/** Rulers, long paths and compound identifiers use few of the alphabet's characters, or no digits. */
function isBase64(sample: string): boolean {
  const separators = sample.replace(/[^/_-]/g, '').length;
  return (
    /[0-9]/.test(sample) &&
    /[a-z]/.test(sample) &&
    /[A-Z]/.test(sample) &&
    separators < sample.length / 10 &&
    entropyOf(sample) >= 4
  );
}
