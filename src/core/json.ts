import { type FormattingOptions, type ParseError, parse, printParseErrorCode } from 'jsonc-parser';
import { PrompdError } from './errors.js';
import { exceededBy, nestsDeeperThan } from './json-text.js';

/** Largest JSON document that is read from outside, in UTF-16 code units. */
const MAX_LENGTH = 64 * 1024 * 1024;
/** A shorter document cannot hold so many members that parsing it would cost much. */
const SMALL = 4 * 1024 * 1024;
/** The name of the member that is dropped, or a letter of it written as an escape. */
const MAY_NAME_PROTO = /__proto__|\\u00(?:5f|70|72|6f|74)/i;
/** Levels up to which a fault is looked for. */
const MAX_DEPTH = 1000;
/** More than any document has that means well. */
const LIMITS = { width: 500_000, total: 3_000_000, depth: MAX_DEPTH };

/**
 * Parses JSON from outside. A leading byte order mark is skipped; members named `__proto__` are dropped.
 * @param file what to call the document in an error
 * @throws PrompdError EBADJSON with the place of the fault
 */
export function parseJson(text: string, file: string): unknown {
  if (text.length > MAX_LENGTH)
    throw new PrompdError('EBADJSON', `${file} is too large to be read.`, { facts: { file } });
  const exceeded = text.length > SMALL ? exceededBy(text, LIMITS) : undefined;
  if (exceeded !== undefined) {
    throw new PrompdError(
      'EBADJSON',
      exceeded === 'depth' ? `${file} is nested too deeply.` : `${file} lists more than can be read.`,
      { facts: { file, exceeded, limit: LIMITS[exceeded] } },
    );
  }
  const body = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  try {
    // Asking for each member is most of the time that parsing takes.
    if (!MAY_NAME_PROTO.test(body)) return JSON.parse(body);
    return JSON.parse(body, (key, value) => (key === '__proto__' ? undefined : value));
  } catch (cause) {
    // Finding the fault would need as many calls as there are levels.
    if (nestsDeeperThan(body, MAX_DEPTH))
      throw new PrompdError('EBADJSON', `${file} is nested too deeply.`, { facts: { file }, cause });
    const { line, column, reason } = faultIn(body, cause);
    throw new PrompdError(
      'EBADJSON',
      `${file} is not valid JSON at line ${line}, column ${column}: ${reason}`,
      {
        facts: { file, line, column },
        cause,
      },
    );
  }
}

/** JSON.parse says a place only sometimes, and then as an offset; what it quotes may be of a file that is nobody's to show. */
function faultIn(text: string, cause: unknown): { line: number; column: number; reason: string } {
  const errors: ParseError[] = [];
  parse(text, errors, { disallowComments: true, allowTrailingComma: false });
  const [first] = errors;
  const before = text.slice(0, first?.offset ?? text.length).split('\n');
  const said =
    cause instanceof Error
      ? cause.message.replace(/ (?:in JSON )?at position .*$|, (?:\.\.\.)?".* is not valid JSON$/s, '')
      : String(cause);
  return {
    line: before.length,
    column: (before.at(-1)?.length ?? 0) + 1,
    reason:
      first && printParseErrorCode(first.error) === 'InvalidCommentToken' ? 'JSON has no comments' : said,
  };
}

/** The form in which prompd writes every JSON file: two spaces, `\n` at the end. */
export function formatJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** The indent and line ends that a JSON text has, for changes to it. */
export function jsonFormatting(text: string): FormattingOptions {
  const indent = /^([ \t]+)\S/m.exec(text)?.[1] ?? '  ';
  return {
    insertSpaces: !indent.startsWith('\t'),
    tabSize: indent.startsWith('\t') ? 1 : indent.length,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  };
}
