import { DEFAULT_POLICY, type Policy } from '#server/domain/policy.js';

const nobody = { approvals: 0, functions: [] };

/** A policy by which nothing waits for approval, for tests that are about something else. */
export const OPEN_POLICY: Policy = {
  ...DEFAULT_POLICY,
  tiers: {
    1: { ...nobody, reviewDays: 365 },
    2: { ...nobody, reviewDays: 180 },
    3: { ...nobody, reviewDays: 90 },
  },
  featFrom: null,
  channels: {},
};
