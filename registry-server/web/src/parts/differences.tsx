import type { AnswerOf } from '../api/call.js';
import { Patch } from './patch.js';
import { ScrollingTable } from './scrolling-table.js';

type Difference = AnswerOf<'compareVersions'> | AnswerOf<'compareModule'>;
const LEVELS = { breaking: 'bad', minor: 'warn', patch: 'good' } as const;
/** Files that are open from the start. */
const OPEN = 10;

/**
 * How two versions differ: what callers of the prompts meet, prompd.json, and the texts.
 * @param isFirst whether there is nothing to compare with, and everything is shown
 */
export function Differences({ of, isFirst = false }: { of: Difference; isFirst?: boolean }) {
  const { level, changes, uncompared, manifest, files } = of;
  if (!level && !isFirst) return <p role="status">They do not differ.</p>;
  return (
    <>
      {!isFirst && <Verdict of={of} />}
      {(changes.length > 0 || !isFirst) && <h3>Contract</h3>}
      {changes.length === 0 && uncompared.length === 0 && !isFirst && (
        <p>Whoever calls the prompts meets no change.</p>
      )}
      <ul className="findings">
        {changes.map(({ kind, level: its, message, prompt, path }) => (
          <li key={`${kind} ${prompt ?? ''} ${path ?? ''} ${message}`}>
            <span className={`badge ${LEVELS[its]}`}>{its}</span> {message}
          </li>
        ))}
      </ul>
      {uncompared.length > 0 && (
        <p className="hint">
          {`Read them line by line below: what callers meet of ${[...new Set(uncompared.map(({ prompt }) => prompt))].join(', ')} depends on text of other packages.`}
        </p>
      )}
      {manifest.length > 0 && <ManifestChanges manifest={manifest} />}
      <h3>Files</h3>
      {files.length === 0 && <p>No file differs.</p>}
      {files.map(({ path, status, patch, note }) => (
        <details key={path} open={files.length <= OPEN}>
          <summary>
            <code>{path}</code> {status}
            {typeof note === 'string' && `, ${note}`}
          </summary>
          {typeof patch === 'string' && <Patch text={patch} />}
        </details>
      ))}
    </>
  );
}

/** What was not compared may have changed for callers too: then the step is the least that it can be. */
function Verdict({ of: { level, needed, uncompared } }: { of: Difference }) {
  if (!level) return null;
  const far = uncompared.length > 0 ? 'As far as they could be compared, these' : 'These';
  return (
    <p role="status">
      <span className={`badge ${LEVELS[level]}`}>{level}</span>{' '}
      {needed && `${far} changes ask for ${needed.version} or higher.`}
    </p>
  );
}

function ManifestChanges({ manifest }: Pick<Difference, 'manifest'>) {
  return (
    <>
      <h3>prompd.json</h3>
      <ScrollingTable title="Changes of prompd.json" head={['Field', 'Before', 'After']}>
        {manifest.map(({ field, before, after }) => (
          <tr key={field}>
            <th scope="row">{field}</th>
            <td>{valueText(before)}</td>
            <td>{valueText(after)}</td>
          </tr>
        ))}
      </ScrollingTable>
    </>
  );
}

function valueText(value: unknown): string {
  if (value === undefined) return 'absent';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
