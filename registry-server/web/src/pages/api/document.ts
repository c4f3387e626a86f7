/** One operation of the API, as the page shows it. */
export interface ApiOperation {
  readonly id: string;
  readonly method: string;
  readonly address: string;
  readonly summary: string;
  /** The first word of the address. */
  readonly group: string;
  readonly parameters: readonly ApiField[];
  readonly body: readonly ApiField[];
  readonly answers: readonly ApiAnswer[];
  readonly open: boolean;
}

export interface ApiField {
  readonly name: string;
  readonly place: string;
  readonly type: string;
  readonly required: boolean;
  readonly description: string;
}

export interface ApiAnswer {
  readonly status: string;
  readonly description: string;
  readonly fields: readonly ApiField[];
}

type Plain = Readonly<Record<string, unknown>>;

/** Reads an OpenAPI document, as far as it is one: what is missing is left out. */
export function operationsOf(document: unknown): ApiOperation[] {
  const root = plain(document);
  return Object.entries(plain(root['paths'])).flatMap(([address, methods]) =>
    Object.entries(plain(methods)).map(([method, raw]) =>
      operation(root, { address, method, raw: plain(raw) }),
    ),
  );
}

function operation(
  root: Plain,
  { address, method, raw }: { address: string; method: string; raw: Plain },
): ApiOperation {
  const body = plain(plain(plain(plain(raw['requestBody'])['content'])['application/json'])['schema']);
  return {
    id: text(raw['operationId']),
    method: method.toUpperCase(),
    address,
    summary: text(raw['summary']),
    group: /^\/(?:-\/)?([^/]*)/.exec(address)?.[1] || '/',
    parameters: list(raw['parameters']).map(parameter => ({
      name: text(parameter['name']),
      place: text(parameter['in']),
      type: typeOf(plain(parameter['schema'])),
      required: parameter['required'] === true,
      description: text(parameter['description']) || text(plain(parameter['schema'])['description']),
    })),
    body: fieldsOf(root, body),
    answers: Object.entries(plain(raw['responses'])).map(([status, answer]) =>
      answerOf(root, status, plain(answer)),
    ),
    open: list(raw['security']).some(way => Object.keys(way).length === 0),
  };
}

function answerOf(root: Plain, status: string, answer: Plain): ApiAnswer {
  const schema = plain(plain(plain(answer['content'])['application/json'])['schema']);
  return { status, description: text(answer['description']), fields: fieldsOf(root, schema) };
}

function fieldsOf(root: Plain, schema: Plain): ApiField[] {
  const own = resolved(root, schema);
  const required = Array.isArray(own['required']) ? own['required'] : [];
  return Object.entries(plain(own['properties'])).map(([name, raw]) => {
    const field = plain(raw);
    return {
      name,
      place: 'body',
      type: typeOf(field),
      required: required.includes(name),
      description: text(field['description']) || text(resolved(root, field)['description']),
    };
  });
}

function resolved(root: Plain, schema: Plain): Plain {
  const reference = text(schema['$ref']).replace('#/components/schemas/', '');
  return reference === '' ? schema : plain(plain(plain(root['components'])['schemas'])[reference]);
}

function typeOf(schema: Plain): string {
  const reference = text(schema['$ref']);
  if (reference !== '') return reference.slice(reference.lastIndexOf('/') + 1);
  if (Array.isArray(schema['enum'])) return schema['enum'].map(value => JSON.stringify(value)).join(' | ');
  const choices = list(schema['anyOf'] ?? schema['oneOf']);
  if (choices.length > 0) return choices.map(typeOf).join(' | ');
  const type = Array.isArray(schema['type']) ? schema['type'].join(' | ') : text(schema['type']);
  return type === 'array' ? `${typeOf(plain(schema['items']))}[]` : type || 'any';
}

function plain(value: unknown): Plain {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function list(value: unknown): Plain[] {
  return Array.isArray(value) ? value.map(plain) : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
