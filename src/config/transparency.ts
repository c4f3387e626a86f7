import { PrompdError } from '../core/errors.js';

/** From the loosest to the strictest. */
export const TRANSPARENCY = ['off', 'when-present', 'required'] as const;
/** Whether what is installed must stand in the transparency log of its registry. */
export type Transparency = (typeof TRANSPARENCY)[number];

export const DEFAULT_TRANSPARENCY: Transparency = 'when-present';

interface Said {
  readonly file: string;
  readonly value: Transparency | undefined;
}

/**
 * What the layers say together: the variable, else the files. A checkout may ask for more than its user, never for less.
 * @throws PrompdError ECONFIG
 */
export function transparencyOf(
  variable: string | undefined,
  { project, user }: { readonly project: Said | undefined; readonly user: Said | undefined },
): Transparency {
  const allowed = user?.value ?? DEFAULT_TRANSPARENCY;
  const wanted = project?.value ?? allowed;
  if (project !== undefined && TRANSPARENCY.indexOf(wanted) < TRANSPARENCY.indexOf(allowed)) {
    throw new PrompdError(
      'ECONFIG',
      `${project.file}: "transparency" is "${wanted}", less than the "${allowed}" that the user wants.`,
      {
        facts: { file: project.file, key: 'transparency', found: wanted, limit: allowed },
        hint: 'A project can only be stricter; set it in config.json in your prompd folder.',
      },
    );
  }
  if (!variable) return wanted;
  const chosen = TRANSPARENCY.find(known => known === variable);
  if (chosen) return chosen;
  throw new PrompdError('ECONFIG', `PROMPD_TRANSPARENCY cannot be "${variable.slice(0, 40)}".`, {
    facts: { variable: 'PROMPD_TRANSPARENCY', found: variable.slice(0, 40), known: TRANSPARENCY },
    hint: `It can be ${TRANSPARENCY.join(', ')}.`,
  });
}
