import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import { PrompdError } from '../core/errors.js';
import { duplicateKeys, isNestedTooDeeply } from '../core/yaml-document.js';

/** Largest text that is read, in UTF-16 code units: what a prompt file may have, too. */
export const MAX_TEXT = 1024 * 1024;

type Path = readonly (string | number)[];

/** Data of a YAML or JSON text, with the way back to its lines. */
export interface StructuredText {
  /** Plain JSON data. */
  readonly data: unknown;
  /** Line, from 1, of the member at a path; undefined when there is none. */
  lineOf(path: Path): number | undefined;
}

/** A file with front matter, taken apart. */
export interface FrontMatterText {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly lineOf: StructuredText['lineOf'];
  readonly body: string;
  /** Line of the file where the body begins, from 1. */
  readonly bodyLine: number;
}

/**
 * Text from the bytes of a file: UTF-8, a byte order mark dropped, every line end `\n`.
 * @throws PrompdError EIMPORT for UTF-16, for what is no text, and beyond 1 Mi characters
 */
export function decodeText(bytes: Uint8Array, file: string): string {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw unreadable(file, 'it is UTF-16 text', 'Save the file as UTF-8.');
  }
  if (bytes.includes(0)) throw unreadable(file, 'it is not text: it has null bytes');
  if (bytes.length > MAX_TEXT * 3) throw tooLarge(file);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw unreadable(file, 'it is not UTF-8 text', 'Save the file as UTF-8.');
  }
  if (text.length > MAX_TEXT) throw tooLarge(file);
  return text.replace(/\r\n?/g, '\n');
}

/**
 * Reads a YAML text, or JSON as a part of it, within bounds: depth, aliases, repeated keys.
 * @param firstLine line of the file on which the text begins
 * @throws PrompdError EIMPORT with the line of the fault
 */
export function readYaml(text: string, file: string, firstLine = 1): StructuredText {
  if (text.length > MAX_TEXT) throw tooLarge(file);
  if (isNestedTooDeeply(text)) throw unreadable(file, 'its YAML is nested too deeply');
  const lines = new LineCounter();
  const lineAt = (offset: number) => lines.linePos(offset).line + firstLine - 1;
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false,
    logLevel: 'silent',
  });
  const [fault] = [...document.errors, ...document.warnings];
  if (fault)
    throw unreadable(file, `line ${lineAt(fault.pos[0])} is not valid YAML: ${oneLine(fault.message)}`);
  const [repeated] = duplicateKeys(document);
  if (repeated) {
    throw unreadable(file, `line ${lineAt(repeated.range?.[0] ?? 0)} repeats a key of the same map`);
  }
  const data = plainData(document, file);
  return {
    data,
    lineOf: path => {
      const offset = offsetOf(document, path);
      return offset === undefined ? undefined : lineAt(offset);
    },
  };
}

/**
 * Takes the YAML between two `---` lines off a text.
 * @returns undefined when the text does not begin with front matter
 * @throws PrompdError EIMPORT when it is never closed or not a map
 */
export function readFrontMatter(text: string, file: string): FrontMatterText | undefined {
  const open = /^(?:[ \t]*\n)*---[ \t]*\n/.exec(text)?.[0];
  if (open === undefined) return undefined;
  const close = /^---[ \t]*$/m.exec(text.slice(open.length));
  if (!close) {
    throw unreadable(
      file,
      'its front matter is never closed',
      'Write "---" on a line of its own behind the fields.',
    );
  }
  const yaml = text.slice(open.length, open.length + close.index);
  const firstLine = countLines(open) + 1;
  const { data, lineOf } = readYaml(yaml, file, firstLine);
  const end = open.length + close.index + close[0].length + 1;
  const bodyLine = countLines(text.slice(0, end)) + 1;
  if (data === null) return { fields: {}, lineOf, body: text.slice(end), bodyLine };
  if (!isRecord(data)) throw unreadable(file, 'its front matter is not a map of fields');
  return { fields: data, lineOf, body: text.slice(end), bodyLine };
}

/** Whether a value is an object with members. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** How many line ends a text has. */
export function countLines(text: string): number {
  return text.split('\n').length - 1;
}

/** The error for a file that cannot become a prompt. @param why goes on after "cannot be imported: " */
export function unreadable(file: string, why: string, hint?: string): PrompdError {
  return new PrompdError('EIMPORT', `${file} cannot be imported: ${why}.`.replace(/\.\.$/, '.'), {
    facts: { file },
    hint,
  });
}

function tooLarge(file: string): PrompdError {
  return unreadable(file, `it has more than ${MAX_TEXT} characters`);
}

function plainData(document: Document.Parsed, file: string): unknown {
  try {
    const json = JSON.stringify(document.toJS({ maxAliasCount: 100 }) ?? null);
    if (json.length > MAX_TEXT * 4) throw unreadable(file, 'its aliases expand to too much');
    return JSON.parse(json, (key, value) => (key === '__proto__' ? undefined : value));
  } catch (error) {
    if (error instanceof PrompdError) throw error;
    throw unreadable(file, 'its YAML has aliases that cannot be resolved');
  }
}

function offsetOf(document: Document.Parsed, path: Path): number | undefined {
  const last = path.at(-1);
  const parent = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
  if (isMap(parent)) {
    const pair = parent.items.find(({ key }) => isScalar(key) && key.value === last);
    if (pair && isNode(pair.key)) return pair.key.range?.[0];
  }
  const node = path.length === 0 ? document.contents : document.getIn(path, true);
  return isNode(node) ? node.range?.[0] : undefined;
}

function oneLine(message: string): string {
  return message.split('\n')[0] ?? '';
}
