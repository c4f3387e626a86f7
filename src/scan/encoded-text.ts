import { isUtf8 } from 'node:buffer';

/** A part of a text that says something in another form. */
export interface EncodedText {
  readonly index: number;
  readonly encoding: 'base64' | 'base32' | 'hexadecimal' | 'percent signs' | 'escapes';
  /** Characters in the encoded form. */
  readonly length: number;
  /** What it says, where that is text. */
  readonly decoded: string | undefined;
}

/** Shorter runs of base64, base32 and hex are words and numbers. */
const MIN_RUN = 24;
const RUN = /(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{24,}={0,6}/g;
/** Encoders wrap lines at 60 to 76 characters. */
const MIN_WRAPPED_LINE = 56;
/** Lines that are nothing but encoded text may be shorter where together they say something. */
const MIN_SHORT_LINE = 4;
/** Escapes in a line from which on it is read without them. */
const MIN_ESCAPES = 4;
const ESCAPE =
  /\\u\{[0-9a-fA-F]{1,6}\}|\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|&#x[0-9a-fA-F]{1,6};|&#[0-9]{1,7};/g;
const PERCENT = /%[0-9a-fA-F]{2}/g;
/**
 * What every encoded text has somewhere; most texts have none of it, and need not be taken apart. Runs are looked at from
 * where they begin, so that each is read once.
 */
const ANY_ENCODED =
  /(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{24}|\\u|\\x[0-9a-fA-F]|&#|%[0-9a-fA-F]{2}|^[ \t]{0,40}[A-Za-z0-9+/_-]{4,23}[ \t]{0,40}\r?\n[ \t]{0,40}[A-Za-z0-9+/_-]{4}/m;
/** More than a prompt can mean to say in one piece. */
const MAX_DECODED = 256 * 1024;

/** What a text says in base64, base32, hexadecimal, percent signs and escapes. Takes time linear in the text. */
export function* encodedTexts(text: string): Generator<EncodedText> {
  if (!ANY_ENCODED.test(text)) return;
  let run: { index: number; text: string[]; length: number } | undefined;
  let short: { index: number; line: string }[] = [];
  for (const { 0: line, index } of text.matchAll(/[^\r\n]+/g)) {
    const wrapped = line.trim();
    if (run === undefined && isShort(wrapped)) {
      short.push({ index, line });
      // Padding ends an encoded text: what follows is another one.
      if (wrapped.endsWith('=')) {
        yield* shortLines(short);
        short = [];
      }
      continue;
    }
    yield* shortLines(short);
    short = [];
    if (isWrapped(wrapped, run !== undefined)) {
      run ??= { index, text: [], length: 0 };
      run.text.push(wrapped);
      run.length += wrapped.length;
      continue;
    }
    if (run) yield inAlphabet(run.index, run.text.join(''));
    run = undefined;
    for (const word of line.matchAll(RUN)) yield inAlphabet(index + word.index, word[0]);
    yield* escapedLine(line, index);
  }
  yield* shortLines(short);
  if (run) yield inAlphabet(run.index, run.text.join(''));
}

function isShort(line: string): boolean {
  return (
    line.length >= MIN_SHORT_LINE && line.length < MIN_WRAPPED_LINE && /^[A-Za-z0-9+/_-]+={0,6}$/.test(line)
  );
}

/** Lines of one word each: encoded text where all of them together say something, else words. */
function* shortLines(lines: readonly { index: number; line: string }[]): Generator<EncodedText> {
  const [first] = lines;
  if (first === undefined) return;
  if (lines.length > 1) {
    const together = inAlphabet(first.index, lines.map(({ line }) => line.trim()).join(''));
    if (together.decoded !== undefined) {
      yield together;
      return;
    }
  }
  for (const { index, line } of lines) {
    for (const word of line.matchAll(RUN)) yield inAlphabet(index + word.index, word[0]);
  }
}

/** A line that is nothing but encoded text; the last one of a block may be short. */
function isWrapped(line: string, inside: boolean): boolean {
  return line.length >= (inside ? 4 : MIN_WRAPPED_LINE) && /^[A-Za-z0-9+/_-]+={0,6}$/.test(line);
}

function inAlphabet(index: number, run: string): EncodedText {
  const { length } = run;
  const sample = run.slice(0, MAX_DECODED);
  const encoding = encodingOf(sample);
  return {
    index,
    length,
    encoding,
    decoded: length >= MIN_RUN ? textIn(DECODE[encoding](sample)) : undefined,
  };
}

const DECODE = {
  hexadecimal: (run: string) => Buffer.from(run, 'hex'),
  base32: fromBase32,
  base64: (run: string) => Buffer.from(run, 'base64'),
};

function encodingOf(run: string): keyof typeof DECODE {
  if (/^[0-9a-fA-F]+$/.test(run)) return 'hexadecimal';
  // In one case throughout: of base64 that is as good as impossible. Without a digit it is a word.
  return /[2-7]/.test(run) && /^(?:[A-Z2-7]+|[a-z2-7]+)=*$/.test(run) ? 'base32' : 'base64';
}

/** RFC 4648, section 6. */
function fromBase32(run: string): Buffer {
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const digit of run.toUpperCase().replace(/=+$/, '')) {
    held = ((held << 5) | 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(digit)) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((held >> bits) & 0xff);
  }
  return Buffer.from(bytes);
}

function* escapedLine(line: string, index: number): Generator<EncodedText> {
  const escapes = line.match(ESCAPE);
  if (escapes && escapes.length >= MIN_ESCAPES) {
    yield {
      index: index + line.search(ESCAPE),
      length: escapes.length,
      encoding: 'escapes',
      decoded: line.slice(0, MAX_DECODED).replace(ESCAPE, character),
    };
  }
  const percents = line.match(PERCENT);
  if (percents && percents.length >= MIN_ESCAPES) {
    const bytes = line.slice(0, MAX_DECODED).replace(/(?:%[0-9a-fA-F]{2})+/g, found => {
      const decoded = Buffer.from(found.replaceAll('%', ''), 'hex');
      return isUtf8(decoded) ? decoded.toString('utf8') : found;
    });
    yield {
      index: index + line.search(PERCENT),
      length: percents.length,
      encoding: 'percent signs',
      decoded: bytes,
    };
  }
}

function character(written: string): string {
  const digits = written.replace(/[^0-9a-fA-F]/g, '');
  const code = Number.parseInt(digits, /^&#[0-9]/.test(written) ? 10 : 16);
  return code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : '\ufffd';
}

/** The text that bytes are, in UTF-8 or in UTF-16 as Windows encodes commands. */
function textIn(bytes: Buffer): string | undefined {
  const text = isWide(bytes) ? bytes.toString('utf16le') : isUtf8(bytes) ? bytes.toString('utf8') : undefined;
  if (text === undefined || text.length < 8) return undefined;
  const sample = text.slice(0, 4096);
  const words = sample.match(/[\p{L}\p{N}\p{P}\p{S}\s]/gu)?.length ?? 0;
  const says = /\p{L}{2}|^[A-Za-z0-9+/_-]{24}/u.test(sample);
  return words >= [...sample].length * 0.9 && says ? text : undefined;
}

function isWide(bytes: Buffer): boolean {
  if (bytes.length < 16) return false;
  for (let at = 1; at < Math.min(bytes.length, 64); at += 2) if (bytes[at] !== 0) return false;
  return true;
}
