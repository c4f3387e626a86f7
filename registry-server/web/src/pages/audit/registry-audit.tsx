import { useNavigate, useSearch } from '@tanstack/react-router';
import { AdminFrame } from '../admin/admin-frame.js';
import { AuditLog } from './audit-log.js';

/** What was done that belongs to no project: users, tokens, sessions, packages of nobody's project. */
export function RegistryAudit() {
  return <AdminFrame title="Audit">{() => <Log />}</AdminFrame>;
}

function Log() {
  const filter = useSearch({ from: '/admin/audit' });
  const navigate = useNavigate();
  return (
    <AuditLog
      project={undefined}
      filter={filter}
      onFilter={search => void navigate({ to: '/admin/audit', search })}
      maySign
    />
  );
}
