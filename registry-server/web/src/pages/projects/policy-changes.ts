import type { AnswerOf } from '../../api/call.js';

type Policy = AnswerOf<'getPolicy'>['policy'];

interface PolicyChange {
  /** The member, with dots between the names on the way to it. */
  readonly rule: string;
  readonly before: string;
  readonly after: string;
}

/** The members in which two policies differ, by name. What is absent on a side is said so. */
export function changesOf(policy: Policy, other: Policy): PolicyChange[] {
  const [before, after] = [new Map(leavesOf(policy)), new Map(leavesOf(other))];
  return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap(rule => {
    const change = { rule, before: before.get(rule) ?? 'absent', after: after.get(rule) ?? 'absent' };
    return change.before === change.after ? [] : [change];
  });
}

function leavesOf(value: object, way = ''): [string, string][] {
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? leavesOf(inner, `${way}${key}.`)
      : [[`${way}${key}`, Array.isArray(inner) ? inner.join(', ') || 'none' : String(inner ?? 'none')]],
  );
}
