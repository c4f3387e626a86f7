import { PrompdError } from '../core/errors.js';
import { MODEL_POLICIES, type ModelPolicy } from '../core/model-policy.js';

export const DEFAULT_MODEL_POLICY: ModelPolicy = 'warn';

/** From the loosest to the strictest. */
const STRICTNESS: readonly ModelPolicy[] = ['off', 'warn', 'refuse'];

/**
 * What the layers say together: the variable, else the stricter of the files. A checkout may ask for more than its user,
 * never for less.
 * @throws PrompdError ECONFIG
 */
export function modelPolicyOf(
  variable: string | undefined,
  { project, user }: { readonly project: ModelPolicy | undefined; readonly user: ModelPolicy | undefined },
): ModelPolicy {
  if (!variable) {
    const floor = user ?? DEFAULT_MODEL_POLICY;
    const said = [floor, project ?? floor];
    return said.sort((a, b) => STRICTNESS.indexOf(b) - STRICTNESS.indexOf(a))[0] ?? floor;
  }
  const chosen = MODEL_POLICIES.find(known => known === variable);
  if (chosen) return chosen;
  throw new PrompdError('ECONFIG', `PROMPD_MODELS_REQUIRE cannot be "${variable.slice(0, 40)}".`, {
    facts: { variable: 'PROMPD_MODELS_REQUIRE', found: variable.slice(0, 40), known: MODEL_POLICIES },
    hint: `It can be ${MODEL_POLICIES.join(', ')}.`,
  });
}
