import { z } from 'zod';
import type { HttpClient } from './http.js';
import { readAnswer } from './json-answer.js';
import { asker, queryOf } from './prompd-ask.js';
import type { RegistryUser, RegistryUsers } from './users.js';

/** Users that a registry gives in one answer. */
const PAGE = 250;
/** Pages that are read at most. */
const MAX_PAGES = 400;

const missing = <T>(found: T | null | undefined): T | undefined => found ?? undefined;
const time = z.string().max(40);
const userSchema = z.object({
  name: z.string().min(1).max(300),
  displayName: z.string().max(1000),
  email: z.string().max(300).nullish().transform(missing),
  admin: z.boolean(),
  hasPassword: z.boolean(),
  disabledAt: time.nullish().transform(missing),
  createdAt: time,
});
const listSchema = z.object({ users: z.array(userSchema).max(PAGE) });
const sessionsSchema = z.object({
  sessions: z
    .array(
      z.object({ id: z.string().max(100), label: z.string().max(1000), createdAt: time, expiresAt: time }),
    )
    .max(100_000),
});
const endedSchema = z.object({ ended: z.int().min(0) });

/** The users of a registry that speaks prompd's own protocol. */
export function prompdUsers(http: HttpClient, registryUrl: string): RegistryUsers {
  const ask = asker(http, registryUrl, 'the users');
  const one = (name: string, rest = '') => `users/${encodeURIComponent(name)}${rest}`;
  const named = (name: string) => `user "${name.slice(0, 100)}"`;
  return {
    async list(text) {
      const users: RegistryUser[] = [];
      for (let page = 0; page < MAX_PAGES; page += 1) {
        const query = queryOf({ q: text, limit: PAGE, offset: page * PAGE });
        const found = readAnswer(await ask('GET', `users${query}`), listSchema).users;
        users.push(...found);
        if (found.length < PAGE) break;
      }
      return users;
    },
    find: async name => readAnswer(await ask('GET', one(name), { subject: named(name) }), userSchema),
    create: async draft =>
      readAnswer(await ask('POST', 'users', { body: draft, subject: named(draft.name) }), userSchema),
    change: async (name, changes) =>
      readAnswer(await ask('PUT', one(name), { body: changes, subject: named(name) }), userSchema),
    sessions: async name =>
      readAnswer(await ask('GET', one(name, '/sessions'), { subject: named(name) }), sessionsSchema).sessions,
    endSessions: async (name, reason) => {
      const address = one(name, `/sessions${queryOf({ reason })}`);
      return readAnswer(await ask('DELETE', address, { subject: named(name) }), endedSchema).ended;
    },
  };
}
