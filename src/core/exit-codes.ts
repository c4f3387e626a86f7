/** What the process answers to its caller. Scripts may rely on every number: none is ever reused. */
export const EXIT = {
  ok: 0,
  general: 1,
  validation: 2,
  provider: 3,
  configuration: 4,
  notFound: 5,
  network: 6,
  integrity: 7,
  auth: 8,
  noSolution: 9,
  lockfile: 10,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
