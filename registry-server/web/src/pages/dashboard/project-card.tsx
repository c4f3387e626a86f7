import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { AnswerOf } from '../../api/call.js';
import { Shown, useAsked } from '../../parts/asked.js';

/** A project with its modules and their prompts, which are read when they are wanted. */
export function ProjectCard({
  project: { project, description },
}: {
  project: AnswerOf<'listProjects'>['projects'][number];
}) {
  const [isOpen, setOpen] = useState(false);
  return (
    <article className="card">
      <h3>
        <Link to="/projects/$project" params={{ project }}>
          {project}
        </Link>
      </h3>
      <p>{description || 'No description.'}</p>
      <details onToggle={event => setOpen(event.currentTarget.open)}>
        <summary>
          Modules<span className="hidden">{` of ${project}`}</span>
        </summary>
        {isOpen && <Modules project={project} />}
      </details>
    </article>
  );
}

function Modules({ project }: { project: string }) {
  const asked = useAsked('listModules', { path: { project } });
  return (
    <Shown asked={asked} what="modules">
      {({ modules }) => (
        <ul>
          {modules.length === 0 && <li className="empty">There are none yet.</li>}
          {modules
            .filter(({ archived }) => !archived)
            .map(({ module, latest, hasDraft }) => (
              <li key={module}>
                <Link to="/projects/$project/modules/$module" params={{ project, module }}>
                  {module}
                </Link>{' '}
                <span className="version">{latest ?? 'not published'}</span>{' '}
                {hasDraft && <span className="badge">draft</span>}
                <Prompts project={project} module={module} />
              </li>
            ))}
        </ul>
      )}
    </Shown>
  );
}

function Prompts({ project, module }: { project: string; module: string }) {
  const [isOpen, setOpen] = useState(false);
  const asked = useAsked('listPrompts', { path: { project, module } }, { enabled: isOpen });
  return (
    <details onToggle={event => setOpen(event.currentTarget.open)}>
      <summary>
        Prompts<span className="hidden">{` of ${module}`}</span>
      </summary>
      {isOpen && (
        <Shown asked={asked} what="prompts">
          {({ prompts }) => (
            <ul>
              {prompts.length === 0 && <li className="empty">There are none yet.</li>}
              {prompts.map(({ prompt }) => (
                <li key={prompt}>
                  <Link
                    to="/projects/$project/modules/$module/prompts/$prompt"
                    params={{ project, module, prompt }}
                    preload={false}
                  >
                    {prompt}
                  </Link>
                </li>
              ))}
            </ul>
          )}
        </Shown>
      )}
    </details>
  );
}
