import { useNavigate } from '@tanstack/react-router';
import { call } from '../../api/call.js';
import { ByName } from '../../parts/by-name.js';
import { Outcome, useChange } from '../../parts/change.js';
import type { OpenModule } from '../module/module-frame.js';

const STALE = ['getModule', 'listModules', 'getDraft'] as const;

/** Puts a module away, and takes it back; one of which nothing was published is deleted. */
export function ArchiveModule({ open: { path, module } }: { open: OpenModule }) {
  const navigate = useNavigate();
  const unarchive = useChange(
    () =>
      call(
        'changeModule',
        { path, body: { archived: false } },
        { headers: { 'if-match': `"${module.revision}"` } },
      ),
    STALE,
  );
  const remove = useChange(async () => {
    const { outcome } = await call('removeModule', { path });
    if (outcome === 'deleted')
      await navigate({ to: '/projects/$project', params: { project: path.project } });
  }, STALE);
  if (module.archived) {
    return (
      <section>
        <h2>Out of the archive</h2>
        <Outcome of={unarchive} said="It is at work again." />
        <button type="button" onClick={() => unarchive.mutate()}>
          {`Take ${module.module} out of the archive`}
        </button>
      </section>
    );
  }
  const act = module.latest === null ? 'Delete' : 'Archive';
  return (
    <section>
      <h2>{`${act} the module`}</h2>
      <Outcome of={remove} said={`${module.package} is archived.`} />
      <ByName name={module.package} act={act} isPending={remove.isPending} onSure={() => remove.mutate()}>
        <p>
          {module.latest === null
            ? 'Nothing of it was published: it is deleted with its draft.'
            : 'What is published stays and is delivered; nothing new is written or published until it is taken out again.'}
        </p>
      </ByName>
    </section>
  );
}
