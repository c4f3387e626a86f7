import { Link } from '@tanstack/react-router';
import { Shown, useAsked } from '../../parts/asked.js';
import { SignedIn } from '../../parts/signed-in.js';
import { ProjectCard } from './project-card.js';
import { ToApprove } from './to-approve.js';
import { Waiting } from './waiting.js';

/** Where somebody who signs in begins: what waits for them, and what they work on. */
export function Dashboard() {
  return (
    <SignedIn title="Dashboard">
      {user => (
        <>
          <h1>{`Good to see you, ${user.displayName || user.name}`}</h1>
          <ToApprove user={user.name} />
          <Waiting />
          <Projects />
        </>
      )}
    </SignedIn>
  );
}

function Projects() {
  const asked = useAsked('listProjects', { query: { limit: 100 } });
  return (
    <section>
      <h2>Your projects</h2>
      <Shown asked={asked} what="projects">
        {({ projects }) => {
          const open = projects.filter(({ archivedAt }) => archivedAt === null);
          return (
            <>
              {open.length === 0 && <p className="empty">You are a member of no project yet.</p>}
              <div className="cards">
                {open.map(project => (
                  <ProjectCard key={project.project} project={project} />
                ))}
              </div>
            </>
          );
        }}
      </Shown>
      <p>
        <Link to="/projects">All projects, and a new one</Link>
      </p>
    </section>
  );
}
