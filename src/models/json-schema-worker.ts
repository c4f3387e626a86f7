import { parentPort, workerData } from 'node:worker_threads';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import { compilePattern } from '../core/pattern.js';
import { READY, type SchemaAnswer, type SchemaQuestion } from './json-schema-check.js';

const MAX_PROBLEMS = 5;

// The whole of a thread that answers one question and ends.
parentPort?.postMessage(READY);
parentPort?.postMessage(answer(workerData));

function answer({ schema, text }: SchemaQuestion): SchemaAnswer {
  if (typeof schema !== 'boolean' && (typeof schema !== 'object' || schema === null)) {
    return { kind: 'unusable', reason: 'it is neither an object nor a boolean' };
  }
  try {
    const ajv = new Ajv2020({ strict: false, logger: false, code: { regExp: linearPattern } });
    ajvFormats.default(ajv);
    const validate = ajv.compile(schema);
    if (text === undefined) return { kind: 'fits' };
    const document = parsed(text);
    if (document === undefined) return { kind: 'differs', problems: ['it is not one JSON document'] };
    if (validate(document.value)) return { kind: 'fits' };
    return { kind: 'differs', problems: (validate.errors ?? []).slice(0, MAX_PROBLEMS).map(problemText) };
  } catch (error) {
    return {
      kind: 'unusable',
      reason: (error instanceof Error ? error.message : String(error)).slice(0, 200),
    };
  }
}

function parsed(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function problemText({ instancePath, message = 'is not valid' }: ErrorObject): string {
  return `${instancePath.slice(0, 100) || 'the document'} ${message.slice(0, 200)}`;
}

/** Patterns of a schema run in linear time, as those of parameters do. */
function linearPattern(source: string): { test(text: string): boolean; toString(): string } {
  const pattern = compilePattern(source);
  if (typeof pattern === 'string') throw new Error(`the pattern "${source.slice(0, 80)}": ${pattern}`);
  // ajv tells compiled patterns apart by their text.
  return { test: text => pattern.found(text), toString: () => source };
}
linearPattern.code = 'require("./linear-pattern")';
