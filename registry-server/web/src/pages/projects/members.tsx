import { call, type InputOf } from '../../api/call.js';
import { Shown, useAsked } from '../../parts/asked.js';
import { Outcome, useChange } from '../../parts/change.js';
import { oneOf, submits } from '../../parts/form.js';
import { type OpenProject, ProjectFrame } from './project-frame.js';

export const ROLES = ['viewer', 'editor', 'approver', 'admin'] as const;
export const FUNCTIONS = ['business', 'risk', 'validator'] as const;

/** Who belongs to a project, as what, and by whose grant. */
export function Members() {
  return <ProjectFrame title="Members">{project => <Everybody project={project} />}</ProjectFrame>;
}

function Everybody({ project: { project, you } }: { project: OpenProject }) {
  const members = useAsked('listMembers', { path: { project }, query: { limit: 100 } });
  const isAdmin = you.roles.includes('admin');
  return (
    <>
      <h2>Members</h2>
      <Shown asked={members} what="members">
        {({ members: all }) => (
          <div className="scrolls">
            <table>
              <thead>
                <tr>
                  <th scope="col">User</th>
                  <th scope="col">Roles</th>
                </tr>
              </thead>
              <tbody>
                {all.map(({ user, roles }) => (
                  <tr key={user}>
                    <th scope="row">{user}</th>
                    <td>
                      {roles
                        .map(
                          one =>
                            `${one.role}${one.functions.length > 0 ? ` (${one.functions.join(', ')})` : ''}${one.package ? ` of ${one.package}` : ''}${one.team ? `, by the team ${one.team}` : ''}`,
                        )
                        .join('; ')}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Shown>
      {isAdmin && <Grants project={project} />}
    </>
  );
}

function Grants({ project }: { project: string }) {
  const grants = useAsked('listGrants', { path: { project } });
  const stale = ['listGrants', 'listMembers', 'getProject'] as const;
  const grant = useChange(
    (body: InputOf<'grantRole'>['body']) => call('grantRole', { path: { project }, body }),
    stale,
  );
  const revoke = useChange((id: number) => call('revokeRole', { path: { project, grant: id } }), stale);
  return (
    <section>
      <h2>Grants</h2>
      <Outcome of={revoke} said="The role is taken back." />
      <Shown asked={grants} what="grants">
        {({ grants: all }) => (
          <ul className="stack">
            {all.map(({ id, user, team, role, functions, package: only, grantedBy }) => (
              <li key={id}>
                {`${user ?? `team ${team}`}: ${role}${functions.length > 0 ? ` (${functions.join(', ')})` : ''} of ${only ?? 'the project'}, granted by ${grantedBy} `}
                <button type="button" onClick={() => revoke.mutate(id)}>
                  Take back<span className="hidden">{` ${role} of ${user ?? team}`}</span>
                </button>
              </li>
            ))}
          </ul>
        )}
      </Shown>
      <h3>Grant a role</h3>
      <Outcome of={grant} said="The role is granted." />
      <form
        className="row"
        onSubmit={submits(({ who = '', kind, role, package: only, reason }, all) =>
          grant.mutate({
            ...(kind === 'team' ? { team: who } : { user: who }),
            role: oneOf(ROLES, role),
            functions: FUNCTIONS.filter(name => all.has(name)),
            ...(only ? { package: only } : {}),
            ...(reason ? { reason } : {}),
          }),
        )}
      >
        <label>
          To a
          <select name="kind">
            <option value="user">user</option>
            <option value="team">team</option>
          </select>
        </label>
        <label>
          Name
          <input name="who" required maxLength={100} />
        </label>
        <label>
          Role
          <select name="role">
            {ROLES.map(role => (
              <option key={role}>{role}</option>
            ))}
          </select>
        </label>
        <label>
          Only for the package
          <input name="package" placeholder={`${project}/…`} />
        </label>
        <fieldset>
          <legend>An approver speaks for</legend>
          {FUNCTIONS.map(name => (
            <label key={name} className="choice">
              <input type="checkbox" name={name} />
              {name}
            </label>
          ))}
        </fieldset>
        <label>
          Reason
          <input name="reason" maxLength={1000} />
        </label>
        <button type="submit">Grant</button>
      </form>
    </section>
  );
}
