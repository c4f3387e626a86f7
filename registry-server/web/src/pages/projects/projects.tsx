import { Link, useNavigate } from '@tanstack/react-router';
import { call, type InputOf } from '../../api/call.js';
import { Ago } from '../../parts/ago.js';
import { Shown, useAsked } from '../../parts/asked.js';
import { Outcome, useChange } from '../../parts/change.js';
import { submits } from '../../parts/form.js';
import { SignedIn } from '../../parts/signed-in.js';

/** The projects that somebody works in, and a way to begin one. */
export function Projects() {
  return (
    <SignedIn title="Projects">
      {() => (
        <>
          <h1>Projects</h1>
          <Mine />
          <Begin />
        </>
      )}
    </SignedIn>
  );
}

function Mine() {
  const projects = useAsked('listProjects', { query: { limit: 100 } });
  return (
    <Shown asked={projects} what="projects">
      {({ projects: all }) => (
        <>
          {all.length === 0 && <p>You are a member of no project yet.</p>}
          <div className="cards">
            {all.map(({ project, description, updatedAt, archivedAt }) => (
              <article key={project} className="card">
                <h2 className="card-title">
                  <Link to="/projects/$project" params={{ project }}>
                    {project}
                  </Link>
                </h2>
                <p>{description || 'No description.'}</p>
                <p className="facts">
                  {archivedAt && <span className="badge warn">archived</span>}
                  <Ago time={updatedAt} />
                </p>
              </article>
            ))}
          </div>
        </>
      )}
    </Shown>
  );
}

function Begin() {
  const navigate = useNavigate();
  const begin = useChange(
    async (body: InputOf<'createProject'>['body']) => {
      const { project } = await call('createProject', { body });
      await navigate({ to: '/projects/$project', params: { project } });
    },
    ['listProjects'],
  );
  return (
    <section>
      <h2>A new project</h2>
      <Outcome of={begin} />
      <form
        className="row"
        onSubmit={submits(({ project = '', description }) =>
          begin.mutate({ project, ...(description ? { description } : {}) }),
        )}
      >
        <label>
          Scope
          <input name="project" required placeholder="@bank" maxLength={214} />
        </label>
        <label>
          What it is for
          <input name="description" maxLength={1000} />
        </label>
        <button type="submit">Begin the project</button>
      </form>
    </section>
  );
}
