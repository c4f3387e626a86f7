import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  ErrorCode,
  GetPromptRequestSchema,
  type GetPromptResult,
  ListPromptsRequestSchema,
  type ListPromptsResult,
  McpError,
} from '@modelcontextprotocol/sdk/types.js';
import { PrompdError } from '../../core/errors.js';
import type { Message } from '../../prompt/index.js';
import type { FilledPrompt, PromptShelf, ShelvedPrompt } from './prompt-shelf.js';

/**
 * A server of the Model Context Protocol for the prompts of some shelves; the first that has a name gives the prompt.
 * @param version of this program
 * @see https://modelcontextprotocol.io/specification/2025-06-18/server/prompts
 */
export function mcpServer(shelves: readonly PromptShelf[], version: string): Server {
  const server = new Server(
    { name: 'prompd', version },
    { capabilities: { prompts: { listChanged: true } } },
  );
  server.setRequestHandler(ListPromptsRequestSchema, async (): Promise<ListPromptsResult> => {
    const all = (await Promise.all(shelves.map(shelf => shelf.list()))).flat();
    const seen = new Set<string>();
    const first = all.filter(({ name }) => !seen.has(name) && seen.add(name));
    return { prompts: first.map(described) };
  });
  server.setRequestHandler(GetPromptRequestSchema, async ({ params }): Promise<GetPromptResult> => {
    try {
      for (const shelf of shelves) {
        const filled = await shelf.fill(params.name, params.arguments ?? {});
        if (filled) return result(filled);
      }
    } catch (error) {
      throw error instanceof PrompdError ? asMcpError(error) : error;
    }
    throw new McpError(ErrorCode.InvalidParams, `There is no prompt "${params.name.slice(0, 200)}".`);
  });
  return server;
}

function described({ name, description, parameters }: ShelvedPrompt): ListPromptsResult['prompts'][number] {
  return {
    name,
    ...(description === undefined ? {} : { description }),
    arguments: parameters.map(parameter => ({
      name: parameter.name,
      required: parameter.required && parameter.default === undefined,
      ...(parameter.description === undefined ? {} : { description: parameter.description }),
    })),
  };
}

function result({ description, messages, provenance }: FilledPrompt): GetPromptResult {
  return {
    ...(description === undefined ? {} : { description }),
    messages: messages.map(({ role, content }) => ({
      role: roleOf(role),
      content: { type: 'text', text: content },
    })),
    _meta: { prompd: provenance },
  };
}

/** The protocol knows no system messages: what is said to the model first is said by the user. */
function roleOf(role: Message['role']): 'user' | 'assistant' {
  return role === 'assistant' ? 'assistant' : 'user';
}

function asMcpError({ code, message, hint, facts }: PrompdError): McpError {
  const isCallers = code === 'EPARAMETER' || code === 'ENOPROMPT' || code === 'ENOTFOUND';
  const number = isCallers ? ErrorCode.InvalidParams : ErrorCode.InternalError;
  return new McpError(number, message, { code, hint, facts });
}
