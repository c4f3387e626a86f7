import { isMap, parseDocument } from 'yaml';
import { z } from 'zod';

const BLOCK = /^(---[ \t]*\r?\n)([\s\S]*?)(\r?\n---[ \t]*(?:\r?\n|$))/;

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const parameter = z.looseObject({
  name: scalar.catch(''),
  type: scalar.catch('string'),
  required: z.boolean().catch(false),
  description: scalar.catch(''),
});
const fields = z.looseObject({
  name: scalar.catch(''),
  version: scalar.catch(''),
  description: scalar.catch(''),
  author: scalar.catch(''),
  tags: z.array(scalar).catch([]),
  parameters: z.array(parameter).catch([]),
});

/** The front matter as the form shows it. */
export type Fields = z.infer<typeof fields>;
export type FieldValue = string | boolean | readonly string[] | undefined;

/** @returns undefined for a front matter that is not YAML, which only the source can mend */
export function readFields(source: string): Fields | undefined {
  const yaml = BLOCK.exec(source)?.[2];
  if (yaml === undefined) return undefined;
  const document = parseDocument(yaml);
  if (document.errors.length > 0) return undefined;
  const parsed = fields.safeParse(document.toJS({ maxAliasCount: 100 }) ?? {});
  return parsed.success ? parsed.data : undefined;
}

/**
 * Sets one field; comments and all others stay as they are written.
 * @param path such as `['parameters', 0, 'type']`
 * @param value undefined takes the field out
 */
export function writeField(source: string, path: readonly (string | number)[], value: FieldValue): string {
  return change(source, document => {
    if (value === undefined) document.deleteIn(path);
    else document.setIn(path, value);
  });
}

/** Adds a parameter at the end. */
export function addParameter(source: string, name: string): string {
  return change(source, document => {
    const entry = { name, type: 'string', required: true };
    if (isListed(document)) document.addIn(['parameters'], document.createNode(entry));
    else document.set('parameters', [entry]);
  });
}

function isListed(document: ReturnType<typeof parseDocument>): boolean {
  const found: unknown = document.toJS();
  const listed = fields.safeParse(found);
  return listed.success && listed.data.parameters.length > 0;
}

function change(source: string, edit: (document: ReturnType<typeof parseDocument>) => void): string {
  const found = BLOCK.exec(source);
  if (!found) return source;
  const [whole, opening = '', yaml = '', closing = ''] = found;
  const document = parseDocument(yaml);
  if (document.errors.length > 0 || !isMap(document.contents)) return source;
  edit(document);
  return `${opening}${document.toString().trimEnd()}${closing}${source.slice(whole.length)}`;
}
