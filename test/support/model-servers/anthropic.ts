import { type EventsOptions, events, json, type Reply } from './server.js';

const MODEL = 'claude-sonnet-4-5-20250929';

/** An answer of Anthropic's Messages API: one JSON document, or events when the request asks for them. */
export function anthropicAnswer(text: string, stopReason = 'end_turn'): Reply {
  return (response, request) =>
    (isStream(request.body) ? events(anthropicEvents(text, stopReason)) : json(message(text, stopReason)))(
      response,
      request,
    );
}

/** The events of a whole answer, one word a delta, with the pings that the API sends. */
export function anthropicEvents(text: string, stopReason = 'end_turn'): string[] {
  return [
    event('message_start', {
      message: { ...message('', null), content: [], usage: { input_tokens: 11, output_tokens: 1 } },
    }),
    event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
    event('ping', {}),
    ...text
      .split(/(?<=\s)/)
      .map(part => event('content_block_delta', { index: 0, delta: { type: 'text_delta', text: part } })),
    event('content_block_stop', { index: 0 }),
    event('message_delta', {
      delta: { stop_reason: stopReason, stop_sequence: null },
      usage: { output_tokens: 6 },
    }),
    event('message_stop', {}),
  ];
}

/** The beginning of a stream, then an error event or the end of the connection. */
export function anthropicBroken(text: string, options: EventsOptions & { error?: string } = {}): Reply {
  const begun = anthropicEvents(text).slice(0, -3);
  const { error } = options;
  const last = error === undefined ? [] : [event('error', { error: { type: error, message: 'Overloaded' } })];
  return events([...begun, ...last], options);
}

/** An error as the API answers it. */
export function anthropicError(status: number, type: string, text: string, headers?: Record<string, string>) {
  return json({ type: 'error', error: { type, message: text } }, { status, ...(headers ? { headers } : {}) });
}

function message(text: string, stopReason: string | null) {
  return {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: MODEL,
    content: [{ type: 'text', text }],
    stop_reason: stopReason,
    stop_sequence: null,
    usage: { input_tokens: 11, output_tokens: 6 },
  };
}

function event(type: string, data: Readonly<Record<string, unknown>>): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}`;
}

function isStream(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'stream' in body && body.stream === true;
}
