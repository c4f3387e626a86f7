import { type EventsOptions, events, json, type Reply } from './server.js';

const MODEL = 'gpt-4o-2024-08-06';

/** An answer of OpenAI's Responses API: one JSON document, or events when the request asks for them. */
export function responsesAnswer(text: string, options: { incomplete?: string } = {}): Reply {
  return (response, request) =>
    (isStream(request.body) ? events(responsesEvents(text, options)) : json(responseObject(text, options)))(
      response,
      request,
    );
}

/** The events of a whole answer, one word a delta. */
export function responsesEvents(text: string, options: { incomplete?: string } = {}): string[] {
  const started = { ...responseObject('', options), status: 'in_progress', output: [], usage: null };
  const item = { type: 'message', id: 'msg_1', status: 'in_progress', role: 'assistant', content: [] };
  return [
    event({ type: 'response.created', response: started }),
    event({ type: 'response.in_progress', response: started }),
    event({ type: 'response.output_item.added', output_index: 0, item }),
    ...words(text).map(delta =>
      event({
        type: 'response.output_text.delta',
        item_id: 'msg_1',
        output_index: 0,
        content_index: 0,
        delta,
      }),
    ),
    event({
      type: 'response.output_item.done',
      output_index: 0,
      item: { ...item, status: 'completed', content: [{ type: 'output_text', text, annotations: [] }] },
    }),
    event({
      type: options.incomplete === undefined ? 'response.completed' : 'response.incomplete',
      response: responseObject(text, options),
    }),
  ];
}

/** The beginning of a stream that never gets to its end. */
export function responsesBroken(text: string, options?: EventsOptions): Reply {
  return events(responsesEvents(text).slice(0, -2), options);
}

function responseObject(text: string, { incomplete }: { incomplete?: string }) {
  return {
    id: 'resp_1',
    object: 'response',
    created_at: 1_760_000_000,
    status: incomplete === undefined ? 'completed' : 'incomplete',
    error: null,
    incomplete_details: incomplete === undefined ? null : { reason: incomplete },
    model: MODEL,
    output: [
      {
        type: 'message',
        id: 'msg_1',
        status: 'completed',
        role: 'assistant',
        content: [{ type: 'output_text', text, annotations: [] }],
      },
    ],
    usage: {
      input_tokens: 12,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: 5,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: 17,
    },
  };
}

let sequence = 0;

function event(data: Readonly<Record<string, unknown>>): string {
  sequence += 1;
  return `event: ${String(data['type'])}\ndata: ${JSON.stringify({ ...data, sequence_number: sequence })}`;
}

function isStream(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'stream' in body && body.stream === true;
}

function words(text: string): string[] {
  return text.split(/(?<=\s)/);
}
