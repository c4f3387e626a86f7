import type { TrustChange, TrustList, TrustRemoval } from '../ops/registry/trust.js';
import type { RegistryTrustRule } from '../registry/registry.js';
import { printable } from './error.js';
import type { Style } from './style.js';

/** One rule a line, by its id first for scripts that read it. */
export function trustListText({ place, rules }: TrustList, style: Style): string {
  if (rules.length === 0) return style.dim(`No continuous integration is trusted with ${printable(place)}.`);
  return rules.map(rule => ruleLine(rule, style)).join('\n');
}

export function addedTrustText({ place, rule }: TrustChange, style: Style): string {
  return `${style.name(printable(place))} may be published by ${ruleLine(rule, style)}`;
}

export function removedTrustText({ place, id }: TrustRemoval, style: Style): string {
  return `Rule ${printable(id)} of ${style.name(printable(place))} is gone, with the tokens that were got by it`;
}

function ruleLine(rule: RegistryTrustRule, style: Style): string {
  const { id, repository, workflow, environment, ref, issuer, createdBy, lastUsedAt } = rule;
  const about = [
    workflow,
    ...(environment === undefined ? [] : [`environment ${environment}`]),
    ...(ref === undefined ? [] : [ref]),
    issuer,
    `by ${createdBy}`,
    lastUsedAt === undefined ? 'never used' : `used ${lastUsedAt.slice(0, 10)}`,
  ];
  return `${style.strong(String(id))}  ${printable(repository)}  ${style.dim(printable(about.join('; ')))}`;
}
