import type { z } from 'zod';
import { PrompdError } from '../core/errors.js';
import { parseJson } from '../core/json.js';
import type { HttpAnswer } from './http.js';

/**
 * The JSON in the body of a successful answer.
 * @throws PrompdError EBADRESPONSE when it is HTML, cut off, or anything else; EANSWERLIMIT
 */
export function jsonOf(answer: HttpAnswer): unknown {
  try {
    return parseJson(answer.body.toString('utf8'), 'The answer');
  } catch (cause) {
    if (cause instanceof PrompdError && cause.facts['limit'] !== undefined) throw tooMany(answer, cause);
    const contentType = (answer.headers['content-type'] ?? 'none').slice(0, 100);
    throw new PrompdError('EBADRESPONSE', `${answer.url} did not answer with JSON.`, {
      facts: { url: answer.url, status: answer.status, contentType, bytes: answer.body.length },
      hint: 'Check the address of the registry; a proxy or a sign-in page may have answered in its place.',
      cause,
    });
  }
}

function tooMany({ url, body }: HttpAnswer, cause: PrompdError): PrompdError {
  const { limit = 0, exceeded } = cause.facts;
  return new PrompdError(
    'EANSWERLIMIT',
    exceeded === 'depth'
      ? `${url} answered with more than ${limit} levels of lists.`
      : `${url} answered with a list of more than ${limit} members.`,
    {
      facts: { url, bytes: body.length, limit },
      hint: 'Check the address of the registry, or tell the people who run it.',
      cause,
    },
  );
}

/**
 * The JSON in the body of a successful answer, of the shape that the protocol says.
 * @throws PrompdError EBADRESPONSE
 */
export function readAnswer<Shape extends z.ZodType>(answer: HttpAnswer, shape: Shape): z.output<Shape> {
  const parsed = shape.safeParse(jsonOf(answer));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new PrompdError('EBADRESPONSE', `${answer.url} answered with JSON of another protocol.`, {
    facts: {
      url: answer.url,
      status: answer.status,
      problem: `${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? ''}`.slice(0, 300),
    },
    hint: 'Check the address of the registry, and whether this prompd is as new as the registry.',
  });
}

/** Whether parsed JSON is an object, rather than an array, null or a plain value. */
export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
