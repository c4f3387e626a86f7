/** The sections that become messages; every other section is text inside one of them. */
export const ROLES = ['system', 'context', 'user', 'assistant', 'response'] as const;
export type Role = (typeof ROLES)[number];

/** Whether a section id is that of a message. */
export function isRole(word: string): word is Role {
  return ROLES.some(role => role === word);
}
