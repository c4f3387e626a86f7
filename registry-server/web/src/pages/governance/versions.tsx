import { useState } from 'react';
import type { AnswerOf } from '../../api/call.js';
import { Shown, useAsked } from '../../parts/asked.js';
import { ModuleFrame, type OpenModule } from '../module/module-frame.js';
import { ArchiveModule } from './archive-module.js';
import { Deprecate, Yank } from './mark-version.js';
import { Revoke } from './revoke.js';

export type Version = AnswerOf<'getModuleHistory'>['versions'][number];

/** What becomes of versions once they are published, and of the module. */
export function VersionsPage() {
  return (
    <ModuleFrame title="Versions">
      {open => (
        <>
          <h2>Versions</h2>
          <Published open={open} />
          {open.you.roles.includes('editor') && <ArchiveModule open={open} />}
        </>
      )}
    </ModuleFrame>
  );
}

function Published({ open }: { open: OpenModule }) {
  const { path, module, you } = open;
  const asked = useAsked('getModuleHistory', { path });
  const [wanted, setWanted] = useState<string>();
  return (
    <Shown asked={asked} what="versions">
      {({ versions: all }) => {
        const versions = all.filter(({ status, deleted }) => status === 'published' && !deleted);
        const chosen = versions.find(({ version }) => version === wanted) ?? versions[0];
        if (!chosen) return <p>Nothing of this module is published yet.</p>;
        return (
          <>
            <label className="span">
              Version{' '}
              <select value={chosen.version} onChange={event => setWanted(event.target.value)}>
                {versions.map(({ version }) => (
                  <option key={version}>{version}</option>
                ))}
              </select>
            </label>
            <Facts version={chosen} />
            {!chosen.revoked && you.roles.includes('editor') && (
              <>
                <Deprecate key={`deprecate ${chosen.version}`} name={module.package} version={chosen} />
                <Yank key={`yank ${chosen.version}`} name={module.package} version={chosen} />
              </>
            )}
            {!chosen.revoked && you.roles.includes('approver') && (
              <Revoke key={`revoke ${chosen.version}`} name={module.package} version={chosen.version} />
            )}
            {!you.roles.includes('editor') && !you.roles.includes('approver') && (
              <p className="hint">Editors deprecate and yank versions; approvers revoke them.</p>
            )}
          </>
        );
      }}
    </Shown>
  );
}

function Facts({ version: { deprecated, yanked, revoked, tags } }: { version: Version }) {
  return (
    <dl className="facts-list">
      <dt>Channels</dt>
      <dd>{tags.join(', ') || 'none points at it'}</dd>
      <dt>State</dt>
      <dd>
        {revoked ? 'revoked: nobody gets it' : yanked ? 'yanked: new installations pass it over' : 'in use'}
        {deprecated !== null && `; deprecated: ${deprecated}`}
      </dd>
    </dl>
  );
}
