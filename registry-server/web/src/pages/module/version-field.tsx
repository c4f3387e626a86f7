import { useAsked } from '../../parts/asked.js';

/** The published versions of a package, the newest first; none until they are there. @param except one that is of no use here */
export function useVersions(name: string, except?: string): readonly string[] {
  const { data } = useAsked('getPackage', { path: { name } });
  return Object.keys(data?.versions ?? {})
    .reverse()
    .filter(version => version !== except);
}

/** One of the published versions of a package. */
export function VersionField({ versions, label }: { versions: readonly string[]; label: string }) {
  return (
    <label>
      {label}
      <select name="version" required>
        {versions.map(version => (
          <option key={version}>{version}</option>
        ))}
      </select>
    </label>
  );
}
