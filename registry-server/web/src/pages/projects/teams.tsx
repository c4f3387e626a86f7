import { call } from '../../api/call.js';
import { Shown, useAsked } from '../../parts/asked.js';
import { Outcome, useChange } from '../../parts/change.js';
import { submits } from '../../parts/form.js';
import { type OpenProject, ProjectFrame } from './project-frame.js';

const STALE = ['listTeams', 'getTeam', 'listMembers'] as const;

/** The teams of a project and who is in them. */
export function Teams() {
  return <ProjectFrame title="Teams">{project => <All project={project} />}</ProjectFrame>;
}

function All({ project: { project, you } }: { project: OpenProject }) {
  const teams = useAsked('listTeams', { path: { project } });
  const isAdmin = you.roles.includes('admin');
  const create = useChange(
    (body: { name: string; description: string }) => call('createTeam', { path: { project }, body }),
    STALE,
  );
  return (
    <>
      <h2>Teams</h2>
      <Shown asked={teams} what="teams">
        {({ teams: all }) => (
          <>
            {all.length === 0 && <p>There are no teams.</p>}
            {all.map(({ name, description }) => (
              <Team key={name} {...{ project, name, description, isAdmin }} />
            ))}
          </>
        )}
      </Shown>
      {isAdmin && (
        <section>
          <h2>A new team</h2>
          <Outcome of={create} said="The team is made." />
          <form
            className="row"
            onSubmit={submits(({ name = '', description = '' }) => create.mutate({ name, description }))}
          >
            <label>
              Name of the team
              <input name="name" required maxLength={100} />
            </label>
            <label>
              What it does
              <input name="description" maxLength={1000} />
            </label>
            <button type="submit">Make the team</button>
          </form>
        </section>
      )}
    </>
  );
}

function Team({
  project,
  name,
  description,
  isAdmin,
}: {
  project: string;
  name: string;
  description: string;
  isAdmin: boolean;
}) {
  const path = { project, team: name };
  const team = useAsked('getTeam', { path });
  const add = useChange((user: string) => call('addTeamMember', { path: { ...path, user } }), STALE);
  const remove = useChange((user: string) => call('removeTeamMember', { path: { ...path, user } }), STALE);
  return (
    <section>
      <h3>{name}</h3>
      {description && <p>{description}</p>}
      <Outcome of={remove} />
      <Shown asked={team} what={name}>
        {({ members }) => (
          <ul>
            {members.map(({ user }) => (
              <li key={user}>
                {`${user} `}
                {isAdmin && (
                  <button type="button" onClick={() => remove.mutate(user)}>
                    Remove<span className="hidden">{` ${user} from ${name}`}</span>
                  </button>
                )}
              </li>
            ))}
          </ul>
        )}
      </Shown>
      {isAdmin && (
        <form className="row" onSubmit={submits(({ user = '' }) => add.mutate(user))}>
          <label>
            {`Add to ${name}`}
            <input name="user" required maxLength={100} />
          </label>
          <button type="submit">Add</button>
        </form>
      )}
      <Outcome of={add} />
    </section>
  );
}
