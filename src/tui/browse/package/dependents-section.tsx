import type { Dependents } from '../../../registry/index.js';
import { cleanLine } from '../../parts/clean-text.js';
import { type Line, textLine } from '../../parts/line.js';
import { useLoaded } from '../../parts/use-loaded.js';
import type { SectionProps } from './package-view.js';
import { LoadedLines } from './section.js';

/** The packages that depend on it. */
export function DependentsSection({ session, info, size, active }: SectionProps) {
  const { name } = info;
  const loaded = useLoaded(name, signal => session.dependents(name, signal));
  return <LoadedLines loaded={loaded} size={size} active={active} lines={dependentLines} />;
}

/** @param dependents undefined where the registry does not tell */
export function dependentLines(dependents: Dependents | undefined): Line[] {
  if (!dependents) return [textLine('The registry does not tell, or cannot be reached.', 'dim')];
  const { total, packages } = dependents;
  if (total === 0) return [textLine('No package of the registry depends on it.', 'dim')];
  const rest = total - packages.length;
  return [
    textLine(total === 1 ? '1 package depends on it:' : `${total} packages depend on it:`, 'strong'),
    ...packages.map(
      ({ name, version, range }): Line => [
        { text: `  ${cleanLine(name)}`, tone: 'name' },
        { text: ` ${cleanLine(version)}` },
        { text: ` asks for ${cleanLine(range)}`, tone: 'dim' },
      ],
    ),
    ...(rest > 0 ? [textLine(`  and ${rest} more`, 'dim')] : []),
  ];
}
