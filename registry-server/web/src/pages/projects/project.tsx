import { Link, useNavigate } from '@tanstack/react-router';
import { call } from '../../api/call.js';
import { Ago } from '../../parts/ago.js';
import { Shown, useAsked } from '../../parts/asked.js';
import { Outcome, useChange } from '../../parts/change.js';
import { submits } from '../../parts/form.js';
import { ProjectFrame } from './project-frame.js';

/** A project: what it is and its modules. */
export function ProjectPage() {
  return (
    <ProjectFrame title="Modules">
      {({ project, description, you, archivedAt }) => (
        <>
          {description && <p>{description}</p>}
          <p className="facts">
            <span>{`You are ${you.roles.join(', ') || 'no member'}`}</span>
            {you.functions.length > 0 && <span>{`You speak for ${you.functions.join(', ')}`}</span>}
            {archivedAt && <span className="badge warn">archived</span>}
          </p>
          <Modules project={project} />
          {you.roles.includes('editor') && !archivedAt && <NewModule project={project} />}
        </>
      )}
    </ProjectFrame>
  );
}

function Modules({ project }: { project: string }) {
  const modules = useAsked('listModules', { path: { project } });
  return (
    <section>
      <h2>Modules</h2>
      <Shown asked={modules} what="modules">
        {({ modules: all }) => (
          <>
            {all.length === 0 && <p>There are no modules yet.</p>}
            <div className="cards">
              {all.map(({ module, description, latest, hasDraft, archived, updatedAt }) => (
                <article key={module} className="card">
                  <h3>
                    <Link to="/projects/$project/modules/$module" params={{ project, module }}>
                      {module}
                    </Link>{' '}
                    <span className="version">{latest ?? 'not published'}</span>
                  </h3>
                  <p>{description || 'No description.'}</p>
                  <p className="facts">
                    {hasDraft && <span className="badge">draft</span>}
                    {archived && <span className="badge warn">archived</span>}
                    <Ago time={updatedAt} />
                  </p>
                </article>
              ))}
            </div>
          </>
        )}
      </Shown>
    </section>
  );
}

function NewModule({ project }: { project: string }) {
  const navigate = useNavigate();
  const create = useChange(
    async ({ module, description }: { module: string; description: string | undefined }) => {
      await call('createModule', {
        path: { project },
        body: { module, ...(description ? { description } : {}) },
      });
      await navigate({ to: '/projects/$project/modules/$module', params: { project, module } });
    },
    ['listModules'],
  );
  return (
    <section>
      <h2>A new module</h2>
      <Outcome of={create} />
      <form
        className="row"
        onSubmit={submits(({ module = '', description }) => create.mutate({ module, description }))}
      >
        <label>
          Name of the module
          <input name="module" required maxLength={214} />
        </label>
        <label>
          What it does
          <input name="description" maxLength={1000} />
        </label>
        <button type="submit">Make the module</button>
      </form>
    </section>
  );
}
