import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { type AnswerOf, call, type InputOf } from '../../api/call.js';
import { Shown, useAsked } from '../../parts/asked.js';
import { Outcome, useChange } from '../../parts/change.js';
import { counted } from '../../parts/counted.js';
import { oneOf, submits } from '../../parts/form.js';
import { Problems } from '../../parts/problems.js';
import { useUnsaved } from '../../parts/unsaved.js';
import { Comparison } from './comparison.js';
import { ModuleFrame, type OpenModule } from './module-frame.js';

type Commitment = AnswerOf<'commitDraft'>;
const STEPS = ['auto', 'patch', 'minor', 'major'] as const;

/** What the draft is like, what publishing would say, and the way to make a version of it. */
export function Publish() {
  // It stays when the draft is another one.
  const [receipt, setReceipt] = useState<Commitment>();
  return (
    <ModuleFrame title="Publish">
      {open => (
        <>
          {receipt && <Receipt receipt={receipt} />}
          {open.module.hasDraft ? (
            <Draft open={open} setReceipt={setReceipt} />
          ) : (
            <p>
              There is no draft, and so nothing to publish.{' '}
              <Link to="/projects/$project/modules/$module" params={open.path}>
                Write a prompt
              </Link>{' '}
              or{' '}
              <Link to="/projects/$project/modules/$module/history" params={open.path}>
                restore a version
              </Link>
              .
            </p>
          )}
        </>
      )}
    </ModuleFrame>
  );
}

function Draft({ open, setReceipt }: { open: OpenModule; setReceipt: (receipt: Commitment) => void }) {
  const { path, module, you } = open;
  const draft = useAsked('getDraft', { path });
  const problems = useAsked('checkDraft', { path });
  const isPossible = !problems.data?.problems.some(({ severity }) => severity === 'error');
  return (
    <>
      <h2>What publishing says</h2>
      <Shown asked={problems} what="problems">
        {({ problems: all }) => <Problems problems={all} none="Nothing is wrong with the draft." />}
      </Shown>
      <Shown asked={draft} what="the draft">
        {({ revision, manifest }) => (
          <>
            <About path={path} revision={fileRevision(draft.data)} manifest={manifest} />
            {you.roles.includes('editor') && (
              <Commit {...{ path, revision, isPossible, isNew: module.latest === null, setReceipt }} />
            )}
          </>
        )}
      </Shown>
      {module.latest && <Comparison path={path} from={module.latest} to={undefined} />}
    </>
  );
}

function fileRevision(draft: AnswerOf<'getDraft'> | undefined): number {
  return draft?.files.find(({ path }) => path === 'prompd.json')?.revision ?? 0;
}

/** The members of prompd.json without which nothing can be published. */
function About({
  path,
  revision,
  manifest,
}: {
  path: OpenModule['path'];
  revision: number;
  manifest: Readonly<Record<string, unknown>>;
}) {
  const text = (key: string) => (typeof manifest[key] === 'string' ? manifest[key] : '');
  const [isChanged, setChanged] = useState(false);
  useUnsaved(isChanged);
  const write = useChange(
    async (body: Record<string, string>) => {
      await call('writeManifest', { path, body }, { headers: { 'if-match': `"${revision}"` } });
      setChanged(false);
    },
    ['getDraft', 'checkDraft', 'compareModule'],
  );
  return (
    <section>
      <h2>prompd.json</h2>
      <Outcome of={write} said="It is saved." />
      <form
        className="row"
        key={revision}
        onInput={() => setChanged(true)}
        onSubmit={submits(fields => write.mutate({ ...fields }))}
      >
        <label>
          Description
          <input name="description" defaultValue={text('description')} maxLength={1000} />
        </label>
        <label>
          Author
          <input name="author" defaultValue={text('author')} maxLength={200} />
        </label>
        <label>
          License
          <input name="license" defaultValue={text('license')} maxLength={100} />
        </label>
        <button type="submit">Save prompd.json</button>
      </form>
    </section>
  );
}

function Commit({
  path,
  revision,
  isPossible,
  isNew,
  setReceipt,
}: {
  path: OpenModule['path'];
  revision: number;
  isPossible: boolean;
  isNew: boolean;
  setReceipt: (receipt: Commitment) => void;
}) {
  const commit = useChange(
    async (body: InputOf<'commitDraft'>['body']) =>
      setReceipt(await call('commitDraft', { path, body }, { headers: { 'if-match': `"${revision}"` } })),
    ['getModule', 'listModules', 'getPrompt', 'getModuleHistory', 'listApprovals', 'listPrompts'],
  );
  return (
    <section>
      <h2>Make a version of it</h2>
      <Outcome of={commit} />
      <form
        className="row"
        onSubmit={submits(({ version, exact, access, allowBreaking, tag }) =>
          commit.mutate({
            version: exact ?? oneOf(STEPS, version),
            ...(tag ? { tag } : {}),
            ...(isNew ? { access: oneOf(['private', 'public'], access) } : {}),
            ...(allowBreaking ? { allowBreaking: true } : {}),
          }),
        )}
      >
        <label>
          Step
          <select name="version">
            <option value="auto">what the changes need</option>
            {STEPS.slice(1).map(step => (
              <option key={step}>{step}</option>
            ))}
          </select>
        </label>
        <label>
          Or exactly
          <input name="exact" placeholder="1.2.0" maxLength={100} />
        </label>
        <label>
          Channel
          <input name="tag" placeholder="latest" maxLength={100} />
        </label>
        {isNew && (
          <label>
            Who may see it
            <select name="access">
              <option value="private">members</option>
              <option value="public">everybody</option>
            </select>
          </label>
        )}
        <label className="choice">
          <input type="checkbox" name="allowBreaking" />
          Even if the step is too small for what changed
        </label>
        <button type="submit" className="primary" disabled={!isPossible || commit.isPending}>
          Publish
        </button>
      </form>
      {!isPossible && <p className="hint">There are errors to mend first.</p>}
    </section>
  );
}

function Receipt({ receipt: { name, version, status, approval } }: { receipt: Commitment }) {
  if (status === 'published' || !approval) {
    return (
      <p role="status" className="card">
        {`${name}@${version} is published.`}
      </p>
    );
  }
  const { approvals } = approval.missing;
  return (
    <p role="status" className="card">
      {`${name}@${version} waits for ${counted(approvals, 'approval')}. Nobody gets it before. `}
      <Link to="/approvals/$id" params={{ id: approval.id }}>
        The request
      </Link>
    </p>
  );
}
