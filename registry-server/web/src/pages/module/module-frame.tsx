import { Link, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { AnswerOf } from '../../api/call.js';
import { Shown, useAsked } from '../../parts/asked.js';
import { SignedIn } from '../../parts/signed-in.js';

export interface OpenModule {
  readonly path: { readonly project: string; readonly module: string };
  readonly module: AnswerOf<'getModule'>;
  readonly you: AnswerOf<'getProject'>['you'];
}

const TABS = [
  ['/projects/$project/modules/$module', 'Prompts'],
  ['/projects/$project/modules/$module/about', 'About'],
  ['/projects/$project/modules/$module/evidence', 'Evidence'],
  ['/projects/$project/modules/$module/publish', 'Publish'],
  ['/projects/$project/modules/$module/compatibility', 'Compatibility'],
  ['/projects/$project/modules/$module/history', 'History'],
  ['/projects/$project/modules/$module/channels', 'Channels'],
  ['/projects/$project/modules/$module/versions', 'Versions'],
  ['/projects/$project/modules/$module/usage', 'Usage'],
] as const;

/** What stands around each page of a module. */
export function ModuleFrame({
  title,
  children,
}: {
  title: string;
  children: (module: OpenModule) => ReactNode;
}) {
  const { project = '', module = '' } = useParams({ strict: false });
  const path = { project, module };
  const found = useAsked('getModule', { path });
  const { data: around } = useAsked('getProject', { path: { project } });
  return (
    <SignedIn title={`${title} of ${project}/${module}`}>
      {() => (
        <>
          <p>
            <Link to="/projects/$project" params={{ project }}>
              {project}
            </Link>
          </p>
          <h1>
            {module} <span className="version">{found.data?.latest ?? ''}</span>
          </h1>
          <nav className="tabs" aria-label={`Parts of ${module}`}>
            {TABS.map(([to, name]) => (
              <Link key={to} to={to} params={path} activeOptions={{ exact: true }}>
                {name}
              </Link>
            ))}
          </nav>
          <Shown asked={found} what={module}>
            {data => children({ path, module: data, you: around?.you ?? { roles: [], functions: [] } })}
          </Shown>
        </>
      )}
    </SignedIn>
  );
}
