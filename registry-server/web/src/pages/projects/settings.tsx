import { useState } from 'react';
import { call } from '../../api/call.js';
import { Outcome, useChange } from '../../parts/change.js';
import { submits } from '../../parts/form.js';
import { ReadAgain } from '../../parts/read-again.js';
import { useUnsaved } from '../../parts/unsaved.js';
import { type OpenProject, ProjectFrame } from './project-frame.js';

const FIELDS = [
  ['description', 'What it is for'],
  ['author', 'Who is responsible'],
  ['intent', 'What it is meant to do'],
  ['complianceNotes', 'Notes for compliance'],
] as const;

/** What is said of a project, and whether it is at work. */
export function Settings() {
  return <ProjectFrame title="Settings">{project => <Notes project={project} />}</ProjectFrame>;
}

function Notes({ project: open }: { project: OpenProject }) {
  const { project, you, archivedAt } = open;
  // What was read first is what is written on; what somebody else saved meanwhile is refused by its revision.
  const [base, setBase] = useState(open);
  const [isChanged, setChanged] = useState(false);
  useUnsaved(isChanged);
  const isAdmin = you.roles.includes('admin');
  const stale = ['getProject', 'listProjects'] as const;
  const read = async () => {
    setBase(await call('getProject', { path: { project } }));
    setChanged(false);
  };
  const change = useChange(async (body: Partial<Record<(typeof FIELDS)[number][0], string>>) => {
    const headers = { 'if-match': `"${base.revision}"` };
    await call('changeProject', { path: { project }, body }, { headers });
    await read();
  }, stale);
  const archive = useChange(async (isOver: boolean) => {
    await call(isOver ? 'archiveProject' : 'unarchiveProject', { path: { project }, body: {} });
    if (!isChanged) await read();
  }, stale);
  return (
    <>
      <h2>Settings</h2>
      <Outcome of={change} said="It is saved." />
      <ReadAgain of={change} read={read} />
      <form
        key={base.revision}
        className="stack"
        onInput={() => setChanged(true)}
        onSubmit={submits((_, all) =>
          change.mutate(Object.fromEntries(FIELDS.map(([name]) => [name, String(all.get(name))]))),
        )}
      >
        {FIELDS.map(([name, label]) => (
          <label key={name}>
            {label}
            <textarea name={name} rows={2} defaultValue={base[name]} readOnly={!isAdmin} />
          </label>
        ))}
        {isAdmin && (
          <p>
            <button type="submit">Save</button>
          </p>
        )}
      </form>
      {isAdmin && (
        <section>
          <h2>{archivedAt ? 'Take it out of the archive' : 'Archive'}</h2>
          <p>What is published stays and is served. While a project is archived, nothing in it changes.</p>
          <Outcome of={archive} />
          <button type="button" onClick={() => archive.mutate(!archivedAt)}>
            {archivedAt ? 'Take the project out of the archive' : 'Archive the project'}
          </button>
        </section>
      )}
    </>
  );
}
