import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useMemo, useState } from 'react';
import { type AnswerOf, call } from '../../api/call.js';
import { ApiProblem } from '../../api/problem.js';
import { Shown, useAsked } from '../../parts/asked.js';
import { Outcome, useChange } from '../../parts/change.js';
import { Problems } from '../../parts/problems.js';
import { SaveBar } from '../../parts/save-bar.js';
import { ModuleFrame, type OpenModule } from '../module/module-frame.js';
import { type Block, blockOf } from './block.js';
import { FeatForm } from './feat-form.js';
import { standingOf } from './standing.js';
import { StandingPanel } from './standing-panel.js';
import './evidence.css';

type Written = AnswerOf<'getDraftFile'>;
type Policy = AnswerOf<'getPolicy'>['policy'];

const Conflict = lazy(() =>
  import('../editor/conflict.js').then(({ Conflict: component }) => ({ default: component })),
);

/** What supports evidence for FEAT, being written. */
export function EvidencePage() {
  return <ModuleFrame title="Evidence">{open => <Opened open={open} />}</ModuleFrame>;
}

function Opened({ open }: { open: OpenModule }) {
  const { path } = open;
  const asked = useAsked('getDraftFile', { path: { ...path, path: 'prompd.json' } });
  const policy = useAsked('getPolicy', { path: { project: path.project } });
  return (
    <>
      <h2>What supports evidence for FEAT</h2>
      <p className="hint">
        It stands in the feat block of prompd.json and is published with the version.{' '}
        <Link to="/projects/$project/modules/$module/report" params={path}>
          The report
        </Link>
      </p>
      <Shown asked={asked} what="prompd.json">
        {written => <Writing open={open} written={written} policy={policy.data?.policy} />}
      </Shown>
    </>
  );
}

function Writing({
  open,
  written,
  policy,
}: {
  open: OpenModule;
  written: Written;
  policy: Policy | undefined;
}) {
  const { path, you, module } = open;
  // What was read first is what is written on: a newer text must not take the place of what somebody types.
  const [base, setBase] = useState(written);
  const saved = useMemo(() => blockOf(base.content), [base]);
  const [block, setBlock] = useState<Block>(saved ?? {});
  const [theirs, setTheirs] = useState<Written>();
  const [times, setTimes] = useState(0);
  const standing = useMemo(
    () => standingOf(block, { now: new Date(), ...(policy && { reviewDays: reviewDaysOf(policy) }) }),
    [block, policy],
  );
  const save = useChange(
    async (revision: number) => {
      const at = { path: { ...path, path: 'prompd.json' } };
      try {
        const headers = { 'if-match': `"${revision}"` };
        await call('writeManifest', { path, body: { feat: block } }, { headers });
        setTheirs(undefined);
        setBase(await call('getDraftFile', at));
      } catch (error) {
        if (!(error instanceof ApiProblem) || error.status !== 412) throw error;
        setTheirs(await call('getDraftFile', at));
      }
    },
    ['getDraft', 'getDraftFile', 'getModule', 'checkDraft', 'compareModule', 'listPrompts'],
  );
  if (saved === undefined) {
    return (
      <p role="alert">
        prompd.json cannot be read as it is.{' '}
        <Link to="/projects/$project/modules/$module/history" params={path}>
          Restore a version
        </Link>
        , or throw the draft away.
      </p>
    );
  }
  const isChanged = textOf(block) !== textOf(saved);
  const canEdit = you.roles.includes('editor');
  return (
    <>
      {theirs && (
        <Suspense>
          <Conflict
            what="prompd.json"
            mine={textOf(block)}
            theirs={{ source: textOf(blockOf(theirs.content)), updatedBy: theirs.updatedBy }}
            choose={which => {
              if (which === 'mine') return save.mutate(theirs.revision);
              setBase(theirs);
              setBlock(blockOf(theirs.content) ?? {});
              setTheirs(undefined);
              setTimes(times + 1);
            }}
          />
        </Suspense>
      )}
      {canEdit && (
        <SaveBar
          label="Save the evidence"
          isChanged={isChanged}
          isBlocked={save.isPending || theirs !== undefined}
          isSaved={save.isSuccess}
          save={() => save.mutate(base.revision)}
        />
      )}
      <Outcome of={save} />
      {save.isSuccess && module.hasDraft && <Checked path={path} />}
      <div className="evidence">
        <FeatForm key={times} {...{ block, standing, canEdit }} onChange={setBlock} />
        <StandingPanel standing={standing} policy={policy} />
      </div>
    </>
  );
}

/** What the registry says of the manifest as it is saved. */
function Checked({ path }: { path: OpenModule['path'] }) {
  const asked = useAsked('checkDraft', { path });
  return (
    <Shown asked={asked} what="what publishing says">
      {({ problems }) => (
        <Problems
          problems={problems.filter(({ file }) => file === 'prompd.json')}
          none="The registry has nothing against prompd.json."
        />
      )}
    </Shown>
  );
}

function textOf(block: Block | undefined): string {
  return JSON.stringify(block ?? {}, undefined, 2);
}

function reviewDaysOf({ tiers }: Policy) {
  return { 1: tiers[1].reviewDays, 2: tiers[2].reviewDays, 3: tiers[3].reviewDays };
}
