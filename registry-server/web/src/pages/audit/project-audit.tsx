import { useNavigate, useSearch } from '@tanstack/react-router';
import { type OpenProject, ProjectFrame } from '../projects/project-frame.js';
import { AuditLog } from './audit-log.js';

/** Everything that was done in a project, as its chain has it. */
export function ProjectAudit() {
  return (
    <ProjectFrame title="Audit">
      {open => (
        <>
          <h2>Audit</h2>
          <Log open={open} />
        </>
      )}
    </ProjectFrame>
  );
}

function Log({ open: { project, you } }: { open: OpenProject }) {
  const filter = useSearch({ from: '/projects/$project/audit' });
  const navigate = useNavigate();
  return (
    <AuditLog
      project={project}
      filter={filter}
      onFilter={search => void navigate({ to: '/projects/$project/audit', params: { project }, search })}
      maySign={you.roles.includes('admin')}
    />
  );
}
