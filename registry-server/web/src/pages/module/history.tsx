import { useState } from 'react';
import { type AnswerOf, call } from '../../api/call.js';
import { Ago } from '../../parts/ago.js';
import { Shown, useAsked } from '../../parts/asked.js';
import { Outcome, useChange } from '../../parts/change.js';
import { Comparison } from './comparison.js';
import { ModuleFrame, type OpenModule } from './module-frame.js';

/** All versions of a module, whatever became of them. */
export function History() {
  return <ModuleFrame title="History">{open => <Versions open={open} />}</ModuleFrame>;
}

function Versions({ open: { path, module, you } }: { open: OpenModule }) {
  const history = useAsked('getModuleHistory', { path });
  const [compared, setCompared] = useState<string>();
  // Empty for what is now: the draft, or the latest version where there is none.
  const [other, setOther] = useState('');
  const restore = useChange(
    async (version: string) => {
      const headers = module.hasDraft
        ? { 'if-match': `"${(await call('getDraft', { path })).revision}"` }
        : { 'if-none-match': '*' };
      return call('restoreVersion', { path, body: { version } }, { headers });
    },
    ['getDraft', 'getModule', 'listPrompts', 'getPrompt'],
  );
  return (
    <>
      <h2>History</h2>
      <Outcome of={restore} said="The draft is now as that version was. Publishing it makes a new version." />
      <Shown asked={history} what="versions">
        {({ versions }) => (
          <div className="scrolls">
            <p className="row">
              <label>
                Compare with
                <select value={other} onChange={event => setOther(event.target.value)}>
                  <option value="">what is now</option>
                  {versions.filter(isThere).map(({ version }) => (
                    <option key={version}>{version}</option>
                  ))}
                </select>
              </label>
            </p>
            <table>
              <thead>
                <tr>
                  <th scope="col">Version</th>
                  <th scope="col">What became of it</th>
                  <th scope="col">Published</th>
                  <th scope="col">Work with it</th>
                </tr>
              </thead>
              <tbody>
                {versions.map(one => (
                  <tr key={one.version}>
                    <th scope="row">{one.version}</th>
                    <td>{fateOf(one)}</td>
                    <td>
                      {`${one.publishedBy}, `}
                      <Ago time={one.publishedAt} />
                    </td>
                    <td className="row">
                      {isThere(one) && (
                        <button type="button" onClick={() => setCompared(one.version)}>
                          Compare
                          <span className="hidden">{` ${one.version} with ${other || 'what is now'}`}</span>
                        </button>
                      )}
                      {isThere(one) && you.roles.includes('editor') && (
                        <button
                          type="button"
                          onClick={() => {
                            if (
                              !module.hasDraft ||
                              window.confirm('This takes the place of the draft. Go on?')
                            )
                              restore.mutate(one.version);
                          }}
                        >
                          Restore<span className="hidden">{` ${one.version}`}</span>
                        </button>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Shown>
      {compared && (
        <Comparison
          key={`${compared} ${other}`}
          takesFocus
          path={path}
          from={compared}
          to={other || (module.hasDraft ? undefined : (module.latest ?? undefined))}
        />
      )}
    </>
  );
}

type Version = AnswerOf<'getModuleHistory'>['versions'][number];

/** Whether its content is there to be worked with: what waits for approval is shown with its request. */
function isThere({ status, deleted, revoked }: Version): boolean {
  return status === 'published' && !deleted && !revoked;
}

const FATES: Readonly<Record<string, string>> = {
  pending: 'waits for approval',
  rejected: 'was not approved',
};

function fateOf(one: Version): string {
  return [
    FATES[one.status] ?? one.status,
    ...(one.revoked ? ['revoked'] : []),
    ...(one.deleted ? ['deleted'] : []),
    ...(one.yanked ? ['yanked'] : []),
    ...(one.deprecated ? [`deprecated: ${one.deprecated}`] : []),
    ...one.tags,
  ].join(', ');
}
