import { Link } from '@tanstack/react-router';
import satisfies from 'semver/functions/satisfies';
import { Ago } from '../../parts/ago.js';
import { ScrollingTable } from '../../parts/scrolling-table.js';
import type { Packument, TabProps } from './package.js';

/** All versions, newest first, with what is to be known before taking one. */
export default function VersionsTab({ found }: TabProps) {
  const versions = Object.keys(found.versions).reverse();
  return (
    <ScrollingTable title={`Versions of ${found.name}`} head={['Version', 'Tags', 'Published', 'Marks']}>
      {versions.map((version, index) => (
        <tr key={version}>
          <th scope="row">
            <Link to="/package/$" params={{ _splat: found.name }} search={{ version }}>
              {version}
            </Link>
          </th>
          <td>{tagsOf(found, version).join(', ')}</td>
          <td>
            <Ago time={found.time[version] ?? ''} />
          </td>
          <td>
            <Marks found={found} version={version} />
            <CompareLink name={found.name} from={versions[index + 1]} to={version} />
          </td>
        </tr>
      ))}
    </ScrollingTable>
  );
}

function Marks({ found, version }: TabProps) {
  const entry = found.versions[version];
  return (
    <>
      {entry?.deprecated !== undefined && (
        <span className="mark">
          <span className="badge warn">deprecated</span> {entry.deprecated}
        </span>
      )}
      {entry?.yanked && (
        <span className="mark">
          <span className="badge bad">yanked</span> not chosen by new installs
        </span>
      )}
      {advisoriesOf(found, version).map(({ id, severity, title }) => (
        <span key={id} className="mark">
          <span className="badge bad">{`advisory, ${severity}`}</span> {title}
        </span>
      ))}
    </>
  );
}

function CompareLink({ name, from, to }: { name: string; from: string | undefined; to: string }) {
  if (from === undefined) return null;
  return (
    <Link to="/package/$" params={{ _splat: name }} search={{ tab: 'compare', from, to }}>
      {`Changes since ${from}`}
    </Link>
  );
}

/** Advisories that hold for a version. */
export function advisoriesOf({ advisories = [] }: Packument, version: string) {
  return advisories.filter(({ vulnerable }) => satisfies(version, vulnerable, { includePrerelease: true }));
}

function tagsOf(found: Packument, version: string): string[] {
  return Object.entries(found['dist-tags']).flatMap(([tag, tagged]) => (tagged === version ? [tag] : []));
}
