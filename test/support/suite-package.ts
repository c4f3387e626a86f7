import type { ModelSettings } from '#server/main.js';
import type { TestManifest } from './registry.js';

/** The front matter and body of a small prompt. @param user its user section */
export function promptText(id: string, user: string): string {
  return `---\nid: ${id}\nname: ${id}\nversion: 1.0.0\nparameters:\n  - { name: question, type: string, required: true }\n---\n# User\n\n${user}\n`;
}

/** The files of {@link suiteManifest}. */
export const SUITE_FILES = {
  'ask.prompd': promptText('ask', 'Answer: {question}'),
  'other.prompd': promptText('other', 'Say otherwise: {question}'),
};

/** A package of two prompts with tests; `echo` passes those of `ask`, and one of two of `other`. */
export function suiteManifest(more: Record<string, unknown> = {}): TestManifest {
  const asks = (name: string, prompt: string, value: string) => ({
    name,
    prompt,
    parameters: { question: 'When?' },
    assert: [{ type: 'contains', value }],
  });
  return {
    name: '@bank/asks',
    version: '1.0.0',
    prompts: { ask: 'ask.prompd', other: 'other.prompd' },
    models: [{ provider: 'echo', model: 'echo' }],
    tests: [
      asks('says when', 'ask', 'When?'),
      asks('says when, too', 'other', 'When?'),
      asks('says where', 'other', 'Where?'),
    ],
    ...more,
  };
}

/** What a registry may ask: `echo`, and the servers that are named, each as an OpenAI-compatible provider. */
export function modelSettings(
  servers: Readonly<Record<string, string>> = {},
  more: Partial<ModelSettings> = {},
): ModelSettings {
  return {
    providers: [
      {
        config: {
          name: 'echo',
          kind: 'echo',
          baseUrl: undefined,
          model: 'echo',
          headers: {},
          origin: 'user',
        },
        key: undefined,
        models: undefined,
      },
      ...Object.entries(servers).map(([name, url]) => ({
        config: {
          name,
          kind: 'openai-compatible' as const,
          baseUrl: `${url}/`,
          model: undefined,
          headers: {},
          origin: 'user' as const,
        },
        key: 'sk-test-0123456789abcdef0123',
        models: undefined,
      })),
    ],
    hosts: '127.0.0.0/8',
    evidenceDays: 90,
    timeoutMs: 5_000,
    retries: 0,
    concurrency: 4,
    maxRequests: 100,
    runsAtOnce: 2,
    require: 'warn',
    ...more,
  };
}
