import { z } from 'zod';
import type { TestManifest, TestRegistry } from '../../support/registry.js';

/** A prompt of one file that says one thing. */
export function prompt(text: string, head = ''): string {
  return `---\nname: summary\n${head}---\n# System\nBe exact.\n\n# User\n${text}\n`;
}

/** Publishes a package with the prompt `summary`. */
export async function publishPrompt(
  registry: Pick<TestRegistry, 'publish'>,
  manifest: Pick<TestManifest, 'name' | 'version'> & Record<string, unknown>,
  text: string,
  query = '',
): Promise<void> {
  await registry.publish(
    { prompts: { summary: 'prompts/summary.prompd' }, ...manifest },
    { 'prompts/summary.prompd': text },
    query,
  );
}

const split = z.object({
  variant: z.enum(['a', 'b']),
  weight: z.number(),
  versions: z.object({ a: z.string(), b: z.string() }),
  key: z.string().optional(),
});

export const answerSchema = z.object({
  package: z.string(),
  prompt: z.string(),
  version: z.string(),
  tag: z.string().nullable(),
  variant: z.string().nullable(),
  digest: z.string(),
  content: z.object({ messages: z.array(z.object({ role: z.string(), text: z.string() })) }).loose(),
  contract: z.object({ sections: z.array(z.string()) }).loose(),
  publishedAt: z.string(),
  deprecated: z.string().optional(),
  split: split.optional(),
  stale: z.boolean(),
  source: z.enum(['memory', 'redis', 'database']),
  servedAt: z.string(),
  age: z.number(),
});

/** What is delivered; fails unless something is. */
export async function delivered(
  registry: Pick<TestRegistry, 'request'>,
  path: string,
  token?: string | null,
): Promise<z.infer<typeof answerSchema>> {
  const answer = await registry.request(`/delivery/${path}`, token === undefined ? {} : { token });
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answerSchema.parse(await answer.json());
}

/** Status and code of an answer that is none. */
export async function refused(answer: Promise<Response>): Promise<string> {
  const response = await answer;
  const { code } = z.object({ code: z.string() }).parse(await response.json());
  return `${response.status} ${code}`;
}

/** The text of the user's message. */
export function textOf({ content }: Pick<z.infer<typeof answerSchema>, 'content'>): string {
  return content.messages.find(({ role }) => role === 'user')?.text ?? '';
}
