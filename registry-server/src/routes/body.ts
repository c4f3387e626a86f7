import express, { type Request, type RequestHandler, type Response } from 'express';
import { RequestError } from '../domain/problem-document.js';
import { askForBody } from '../middleware/expect-continue.js';
import type { Limits } from '../settings.js';

/**
 * How a body comes: `json` is an object or array of the usual size, `value` any JSON value, `document` a package's
 * document of npm's with an archive in it, `form` what a page in a browser sends.
 */
export type BodyForm = 'json' | 'value' | 'document' | 'form';

/** Of a form, in bytes: it has a token in it. */
const FORM_BYTES = 8 * 1024;
/** Of a package's document beside the archive, in bytes: npm sends all of it back to deprecate one version. */
const DOCUMENT_BYTES = 8 * 1024 * 1024;

interface Form {
  readonly type: string;
  readonly bytes: number;
  readonly read: RequestHandler;
}

/**
 * What reads bodies of one form into `request.body`, once the caller is known to be allowed to send one.
 * It throws RequestError ESLOW when no piece of a large one comes for too long, and EMEDIATYPE and ETOOLARGE.
 * @param bytes the largest body, where it is not the form's usual one
 */
export function bodyReader(
  name: BodyForm,
  bytes: number | undefined,
  limits: Limits,
): (request: Request, response: Response) => Promise<void> {
  const form = formOf(name, bytes ?? usualBytes(name, limits));
  return async (request, response) => {
    assertAcceptable(request, form);
    askForBody(request, response);
    let idle: NodeJS.Timeout | undefined;
    const goesOn = () => idle?.refresh();
    await new Promise<void>((resolve, reject) => {
      // Small bodies cost little while they wait: the time for the whole request ends them.
      if (form.bytes > limits.jsonBytes)
        idle = setTimeout(() => reject(new RequestError('ESLOW', 'The upload stopped.')), limits.idleTime);
      request.on('data', goesOn);
      form.read(request, response, (error?: unknown) => (error === undefined ? resolve() : reject(error)));
    }).finally(() => {
      clearTimeout(idle);
      request.off('data', goesOn);
    });
  };
}

function usualBytes(name: BodyForm, { jsonBytes, archiveBytes }: Limits): number {
  if (name === 'form') return FORM_BYTES;
  // An archive travels in base64: four characters for three bytes.
  return name === 'document' ? Math.ceil(archiveBytes / 3) * 4 + DOCUMENT_BYTES : jsonBytes;
}

function formOf(name: BodyForm, bytes: number): Form {
  if (name === 'form') {
    const type = 'application/x-www-form-urlencoded';
    const read = express.urlencoded({ limit: bytes, extended: false, parameterLimit: 8, type });
    return { type, bytes, read };
  }
  const type = 'application/json';
  const strict = name !== 'value';
  return { type, bytes, read: express.json({ limit: bytes, strict, type, reviver: refusePrototype }) };
}

/** @throws RequestError EMEDIATYPE, ETOOLARGE for a body of which the headers say enough */
function assertAcceptable(request: Request, { type, bytes }: Form): void {
  if (request.is(type) === false) {
    const kind = type === 'application/json' ? 'JSON' : 'a form';
    throw new RequestError('EMEDIATYPE', `The body must be ${kind}.`, {
      hint: `Send the header "content-type: ${type}".`,
    });
  }
  if (Number(request.get('content-length') ?? 0) > bytes) {
    throw new RequestError('ETOOLARGE', `The body is larger than ${bytes} bytes.`, {
      facts: { limit: bytes },
    });
  }
}

/** A member of this name would be dropped without a word on the way into an object. */
function refusePrototype(key: string, value: unknown): unknown {
  if (key === '__proto__') throw new SyntaxError('A member is named __proto__.');
  return value;
}
