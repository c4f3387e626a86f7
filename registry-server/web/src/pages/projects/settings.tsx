import { call } from '../../api/call.js';
import { Outcome, useChange } from '../../parts/change.js';
import { submits } from '../../parts/form.js';
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
  const { project, revision, you, archivedAt } = open;
  const isAdmin = you.roles.includes('admin');
  const stale = ['getProject', 'listProjects'] as const;
  const change = useChange(
    (body: Partial<Record<(typeof FIELDS)[number][0], string>>) =>
      call('changeProject', { path: { project }, body }, { headers: { 'if-match': `"${revision}"` } }),
    stale,
  );
  const archive = useChange(
    (isOver: boolean) =>
      call(isOver ? 'archiveProject' : 'unarchiveProject', { path: { project }, body: {} }),
    stale,
  );
  return (
    <>
      <h2>Settings</h2>
      <Outcome of={change} said="It is saved." />
      <form
        key={revision}
        className="stack"
        onSubmit={submits((_, all) =>
          change.mutate(Object.fromEntries(FIELDS.map(([name]) => [name, String(all.get(name))]))),
        )}
      >
        {FIELDS.map(([name, label]) => (
          <label key={name}>
            {label}
            <textarea name={name} rows={2} defaultValue={open[name]} readOnly={!isAdmin} />
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
