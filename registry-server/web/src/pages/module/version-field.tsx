import { useAsked } from '../../parts/asked.js';

/** One of the published versions of a package. */
export function VersionField({ name, label }: { name: string; label: string }) {
  const { data } = useAsked('getPackage', { path: { name } });
  return (
    <label>
      {label}
      <select name="version" required>
        {Object.keys(data?.versions ?? {})
          .reverse()
          .map(version => (
            <option key={version}>{version}</option>
          ))}
      </select>
    </label>
  );
}
