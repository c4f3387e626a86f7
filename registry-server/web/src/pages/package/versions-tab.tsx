import { Link } from '@tanstack/react-router';
import satisfies from 'semver/functions/satisfies';
import { Ago } from '../../parts/ago.js';
import type { Packument, TabProps } from './package.js';

/** All versions, newest first, with what is to be known before taking one. */
export default function VersionsTab({ found }: TabProps) {
  const versions = Object.keys(found.versions).reverse();
  return (
    <div className="wide">
      <table>
        <caption className="hidden">{`Versions of ${found.name}`}</caption>
        <thead>
          <tr>
            <th scope="col">Version</th>
            <th scope="col">Tags</th>
            <th scope="col">Published</th>
            <th scope="col">Marks</th>
          </tr>
        </thead>
        <tbody>
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
        </tbody>
      </table>
    </div>
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
