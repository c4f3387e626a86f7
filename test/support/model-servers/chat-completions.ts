import { type EventsOptions, events, json, type Reply } from './server.js';

export interface ChatAnswerOptions {
  readonly finishReason?: string;
  /** False for servers that report no usage. */
  readonly usage?: boolean;
  readonly model?: string;
}

/** An answer of the Chat Completions protocol, as OpenAI-compatible servers and Ollama's `/v1` speak it. */
export function chatAnswer(text: string, options: ChatAnswerOptions = {}): Reply {
  return (response, request) =>
    (isStream(request.body) ? events(chatEvents(text, options)) : json(completion(text, options)))(
      response,
      request,
    );
}

/** Answers each request with what a function makes of its last message. */
export function chatAnswers(answer: (lastMessage: string) => string, options: ChatAnswerOptions = {}): Reply {
  return (response, request) => chatAnswer(answer(lastMessageOf(request.body)), options)(response, request);
}

/** The events of a whole answer, one word a delta, with the usage in a chunk of its own and `[DONE]`. */
export function chatEvents(text: string, options: ChatAnswerOptions = {}): string[] {
  const { finishReason = 'stop', usage = true, model = 'llama-3' } = options;
  const chunk = (choices: unknown[], rest = {}) =>
    `data: ${JSON.stringify({ id: 'c1', object: 'chat.completion.chunk', created: 1_760_000_000, model, choices, ...rest })}`;
  const delta = (content: string) => chunk([{ index: 0, delta: { content }, finish_reason: null }]);
  return [
    chunk([{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }]),
    ...text.split(/(?<=\s)/).map(delta),
    chunk([{ index: 0, delta: {}, finish_reason: finishReason }]),
    ...(usage ? [chunk([], { usage: USAGE })] : []),
    'data: [DONE]',
  ];
}

/** The beginning of a stream, then one more block and the end of the connection. */
export function chatBroken(text: string, options: EventsOptions & { last?: string } = {}): Reply {
  const begun = chatEvents(text).slice(0, -3);
  return events(options.last === undefined ? begun : [...begun, options.last], options);
}

/** An error as OpenAI and most of its relatives answer it. */
export function chatError(
  status: number,
  error: { message: string; type?: string; code?: string },
  headers: Record<string, string> = {},
): Reply {
  return json(
    { error: { type: 'invalid_request_error', param: null, code: null, ...error } },
    { status, headers },
  );
}

const USAGE = { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 };

function completion(text: string, options: ChatAnswerOptions) {
  const { finishReason = 'stop', usage = true, model = 'llama-3' } = options;
  return {
    id: 'c1',
    object: 'chat.completion',
    created: 1_760_000_000,
    model,
    choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: finishReason }],
    ...(usage ? { usage: USAGE } : {}),
  };
}

function lastMessageOf(body: unknown): string {
  if (typeof body !== 'object' || body === null || !('messages' in body) || !Array.isArray(body.messages))
    return '';
  const last: unknown = body.messages.at(-1);
  return typeof last === 'object' && last !== null && 'content' in last ? String(last.content) : '';
}

function isStream(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'stream' in body && body.stream === true;
}
