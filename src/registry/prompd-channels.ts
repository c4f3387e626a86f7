import { z } from 'zod';
import type { Channels } from './channels.js';
import type { HttpClient } from './http.js';
import { readAnswer } from './json-answer.js';
import { asker } from './prompd-ask.js';

const split = z.object({ version: z.string().max(256), weight: z.number() }).nullable();
const channelSchema = z.object({
  tag: z.string().max(256),
  split,
  history: z
    .array(
      z.object({
        from: split,
        to: split,
        actor: z.string().max(200),
        reason: z.string().max(2000).nullable(),
        movedAt: z.string().max(40),
      }),
    )
    .max(1000),
});
const feedbackSchema = z.object({
  feedback: z
    .array(
      z.object({
        version: z.string().max(256),
        prompt: z.string().max(256),
        outcome: z.string().max(100),
        count: z.number(),
        keys: z.number(),
        scored: z.number(),
        meanScore: z.number().nullable(),
        lowestScore: z.number().nullable(),
        highestScore: z.number().nullable(),
      }),
    )
    .max(1000),
});

/** The channels of a registry that speaks prompd's own protocol. */
export function prompdChannels(http: HttpClient, registryUrl: string): Channels {
  const ask = asker(http, registryUrl, 'the channel');
  const splitOf = (name: string, tag: string) =>
    `packages/${encodeURIComponent(name)}/dist-tags/${encodeURIComponent(tag)}/split`;
  return {
    show: async (name, tag) =>
      readAnswer(await ask('GET', splitOf(name, tag), { subject: name }), channelSchema),
    split: async (name, tag, body) =>
      readAnswer(
        await ask('PUT', splitOf(name, tag), { body, subject: `${name}@${body.version}` }),
        channelSchema,
      ),
    async unsplit(name, tag) {
      await ask('DELETE', splitOf(name, tag), { subject: name });
    },
    feedback: async (name, days) =>
      readAnswer(
        await ask('GET', `delivery/${encodeURIComponent(name)}/-/feedback?days=${days}`, { subject: name }),
        feedbackSchema,
      ).feedback,
  };
}
