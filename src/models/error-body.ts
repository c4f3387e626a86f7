import { z } from 'zod';
import type { Refusal } from './refusal.js';

const word = z.union([z.string(), z.number()]).nullish().catch(undefined);
const detail = z.object({ message: z.string().catch(''), type: word, code: word });
/** The error objects of OpenAI, Anthropic, Ollama, vLLM, llama.cpp and FastAPI. */
const body = z.union([
  z.object({ error: detail }).transform(({ error }) => error),
  z.object({ response: z.object({ error: detail }) }).transform(({ response }) => response.error),
  z
    .object({ error: z.string() })
    .transform(({ error }) => ({ message: error, type: undefined, code: undefined })),
  z
    .object({ detail: z.string() })
    .transform(({ detail: message }) => ({ message, type: undefined, code: undefined })),
  z.object({ message: z.string(), type: word, code: word }),
]);

/**
 * Reads what an endpoint says about an error.
 * @param value the error object, or the text of a body; what is nothing of the known is taken as a message
 */
export function readErrorBody(value: unknown): Pick<Refusal, 'message' | 'codes'> {
  const parsed = body.safeParse(typeof value === 'string' ? jsonOr(value) : value);
  if (!parsed.success) return { message: typeof value === 'string' ? value.slice(0, 2000) : '', codes: '' };
  const { message, type, code } = parsed.data;
  return { message: message.slice(0, 2000), codes: [code, type].filter(part => part != null).join(' ') };
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
