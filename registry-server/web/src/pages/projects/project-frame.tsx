import { Link, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { AnswerOf } from '../../api/call.js';
import { Shown, useAsked } from '../../parts/asked.js';
import { SignedIn } from '../../parts/signed-in.js';

export type OpenProject = AnswerOf<'getProject'>;

const TABS = [
  ['/projects/$project', 'Modules'],
  ['/projects/$project/members', 'Members'],
  ['/projects/$project/teams', 'Teams'],
  ['/projects/$project/policy', 'Policy'],
  ['/projects/$project/delegations', 'Delegations'],
  ['/projects/$project/ci', 'CI'],
  ['/projects/$project/usage', 'Usage'],
  ['/projects/$project/audit', 'Audit'],
  ['/projects/$project/settings', 'Settings'],
] as const;

/** What stands around each page of a project. */
export function ProjectFrame({
  title,
  children,
}: {
  title: string;
  children: (project: OpenProject) => ReactNode;
}) {
  const { project: scope = '' } = useParams({ strict: false });
  const asked = useAsked('getProject', { path: { project: scope } });
  return (
    <SignedIn title={`${title} of ${scope}`}>
      {() => (
        <>
          <h1>{scope}</h1>
          <nav className="tabs" aria-label={`Parts of ${scope}`}>
            {TABS.map(([to, name]) => (
              <Link key={to} to={to} params={{ project: scope }} activeOptions={{ exact: true }}>
                {name}
              </Link>
            ))}
          </nav>
          <Shown asked={asked} what={scope}>
            {children}
          </Shown>
        </>
      )}
    </SignedIn>
  );
}
