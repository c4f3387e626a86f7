import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useAccount } from '../../api/account.js';
import { call, type InputOf } from '../../api/call.js';
import { Ago } from '../../parts/ago.js';
import { Shown, useAsked } from '../../parts/asked.js';
import { Outcome, useChange } from '../../parts/change.js';
import { submits } from '../../parts/form.js';
import { type OpenProject, ProjectFrame } from './project-frame.js';

type Rule = InputOf<'addProjectTrust'>['body'];
const STALE = ['listProjectTrust'] as const;

/** Which workflows of continuous integration publish without a token that anybody keeps. */
export function CiTrust() {
  return <ProjectFrame title="CI">{project => <Trust project={project} />}</ProjectFrame>;
}

function Trust({ project: { project, you } }: { project: OpenProject }) {
  const account = useAccount();
  const [name, setName] = useState('');
  const modules = useAsked('listModules', { path: { project } });
  return (
    <>
      <h2>Trusted publishing</h2>
      <p>
        A workflow that is trusted exchanges the identity that its platform gives it for a token of 15
        minutes, which publishes and does nothing else.
      </p>
      {you.roles.includes('admin') || account?.admin ? (
        <>
          <label className="span">
            Trusted for{' '}
            <select value={name} onChange={event => setName(event.target.value)}>
              <option value="">all of the project</option>
              {modules.data?.modules
                .filter(({ latest }) => latest !== null)
                .map(one => (
                  <option key={one.package} value={one.package}>
                    {one.package}
                  </option>
                ))}
            </select>
          </label>
          <Rules key={name} project={project} name={name} />
        </>
      ) : (
        <p role="status">{`Admins of ${project} see and change whom it trusts.`}</p>
      )}
    </>
  );
}

/** @param name of one package; empty for all of the project */
function Rules({ project, name }: { project: string; name: string }) {
  const asked = useQuery({
    queryKey: [...STALE, project, name],
    queryFn: ({ signal }) =>
      name === ''
        ? call('listProjectTrust', { path: { project } }, { signal })
        : call('listPackageTrust', { path: { name } }, { signal }),
  });
  const add = useChange(
    (body: Rule) =>
      name === ''
        ? call('addProjectTrust', { path: { project }, body })
        : call('addPackageTrust', { path: { name }, body }),
    STALE,
  );
  const remove = useChange<number, unknown>(
    id =>
      name === ''
        ? call('removeProjectTrust', { path: { project, id } })
        : call('removePackageTrust', { path: { name, id } }),
    STALE,
  );
  return (
    <>
      <Outcome of={remove} said="It is trusted no longer, and tokens that it had have ended." />
      <Shown asked={asked} what="the rules">
        {({ rules }) => (
          <>
            {rules.length === 0 && <p className="empty">No workflow is trusted.</p>}
            <ul className="stack plain">
              {rules.map(rule => (
                <li key={rule.id} className="card">
                  <h3>{`${rule.repository}, ${rule.workflow}`}</h3>
                  <p className="facts">
                    <span>{rule.issuer}</span>
                    <span>{rule.environment ? `environment ${rule.environment}` : 'any environment'}</span>
                    <span>{rule.ref ?? 'any ref'}</span>
                    <span>
                      {`added by ${rule.createdBy} `}
                      <Ago time={rule.createdAt} />
                    </span>
                    <span>{rule.lastUsedAt ? <Used at={rule.lastUsedAt} /> : 'never used'}</span>
                  </p>
                  <button type="button" onClick={() => remove.mutate(rule.id)}>
                    Trust no longer
                    <span className="hidden">{` ${rule.repository}, ${rule.workflow}`}</span>
                  </button>
                </li>
              ))}
            </ul>
          </>
        )}
      </Shown>
      <h3>Trust a workflow</h3>
      <Outcome of={add} said="It is trusted." />
      <Add take={body => add.mutate(body)} />
    </>
  );
}

function Used({ at }: { at: string }) {
  return (
    <>
      {'used '}
      <Ago time={at} />
    </>
  );
}

function Add({ take }: { take: (rule: Rule) => void }) {
  return (
    <form
      className="row"
      onSubmit={submits(({ repository = '', workflow = '', environment, ref, issuer }) =>
        take({
          repository,
          workflow,
          ...(environment ? { environment } : {}),
          ...(ref ? { ref } : {}),
          ...(issuer ? { issuer } : {}),
        }),
      )}
    >
      <label>
        Repository
        <input name="repository" required placeholder="acme/prompts" maxLength={200} />
      </label>
      <label>
        Workflow
        <input name="workflow" required placeholder="release.yml" maxLength={200} />
      </label>
      <label>
        Only in the environment
        <input name="environment" placeholder="production" maxLength={200} />
      </label>
      <label>
        Only for the ref
        <input name="ref" placeholder="refs/heads/main" maxLength={300} />
      </label>
      <label>
        Issuer; GitHub Actions if empty
        <input name="issuer" type="url" placeholder="https://gitlab.example.com" maxLength={500} />
      </label>
      <button type="submit">Trust it</button>
    </form>
  );
}
