/** Largest answer of whoever says who somebody is, in bytes: a description, keys, tokens, a person. */
const MAX_BYTES = 256 * 1024;

type Init = Omit<RequestInit, 'body'> & { readonly body?: RequestInit['body'] | undefined };

/**
 * `fetch` for answers that are short where the other side is honest: the body is here, whole, when it returns, and is not
 * read to its end where that is far away.
 * @throws Error for a body of more than 256 KiB; what `fetch` throws
 */
export async function fetchShort(url: string, { body, ...init }: Init = {}): Promise<Response> {
  const answer = await fetch(url, { ...init, ...(body === undefined ? {} : { body }) });
  if (answer.body === null) return answer;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new Error('its answer is too large');
    chunks.push(chunk);
  }
  const { status, statusText, headers } = answer;
  return new Response(Buffer.concat(chunks), { status, statusText, headers });
}
