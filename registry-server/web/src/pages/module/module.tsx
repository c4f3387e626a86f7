import { Link, useNavigate } from '@tanstack/react-router';
import { call } from '../../api/call.js';
import { Ago } from '../../parts/ago.js';
import { Shown, useAsked } from '../../parts/asked.js';
import { Outcome, useChange } from '../../parts/change.js';
import { submits } from '../../parts/form.js';
import { ModuleFrame, type OpenModule } from './module-frame.js';

/** A module: its prompts and how far its next version is. */
export function ModulePage() {
  return (
    <ModuleFrame title="Prompts">
      {open => (
        <>
          <p>{open.module.description || 'No description.'}</p>
          <Prompts open={open} />
          {open.module.hasDraft && <DraftState open={open} />}
          {open.you.roles.includes('editor') && <NewPrompt open={open} />}
        </>
      )}
    </ModuleFrame>
  );
}

function Prompts({ open: { path } }: { open: OpenModule }) {
  const prompts = useAsked('listPrompts', { path });
  return (
    <section>
      <h2>Prompts</h2>
      <Shown asked={prompts} what="prompts">
        {({ prompts: all }) => (
          <>
            {all.length === 0 && <p>There are no prompts yet.</p>}
            <ul>
              {all.map(({ prompt, path: file, inDraft, notes }) => (
                <li key={prompt}>
                  <Link
                    to="/projects/$project/modules/$module/prompts/$prompt"
                    params={{ ...path, prompt }}
                    preload={false}
                  >
                    {prompt}
                  </Link>{' '}
                  <code>{file}</code> {inDraft && <span className="badge">in the draft</span>}{' '}
                  {notes?.description}
                </li>
              ))}
            </ul>
          </>
        )}
      </Shown>
    </section>
  );
}

function DraftState({ open: { path, you } }: { open: OpenModule }) {
  const draft = useAsked('getDraft', { path });
  const discard = useChange(
    (revision: number) => call('discardDraft', { path }, { headers: { 'if-match': `"${revision}"` } }),
    ['getDraft', 'getModule', 'listPrompts', 'getPrompt'],
  );
  return (
    <section>
      <h2>Draft</h2>
      <Outcome of={discard} />
      <Shown asked={draft} what="the draft">
        {({ baseVersion, updatedBy, updatedAt, files, revision }) => (
          <>
            <p>
              {baseVersion ? `Begun as ${baseVersion}, ` : 'Of a first version, '}
              {`changed by ${updatedBy} `}
              <Ago time={updatedAt} />. {`${files.length} files.`}
            </p>
            <p className="row">
              <Link to="/projects/$project/modules/$module/publish" params={path} className="button">
                Look at it and publish
              </Link>
              {you.roles.includes('editor') && (
                <button
                  type="button"
                  onClick={() => {
                    if (window.confirm('Throw the draft away, with all that was written in it?'))
                      discard.mutate(revision);
                  }}
                >
                  Throw the draft away
                </button>
              )}
            </p>
          </>
        )}
      </Shown>
    </section>
  );
}

function NewPrompt({ open: { path } }: { open: OpenModule }) {
  const navigate = useNavigate();
  const create = useChange(
    async (prompt: string) => {
      const source = `---\nname: ${prompt}\nversion: 1.0.0\ndescription: \nparameters: []\n---\n\n# User\n\n`;
      await call(
        'writePrompt',
        { path: { ...path, prompt }, body: { source } },
        { headers: { 'if-none-match': '*' } },
      );
      await navigate({
        to: '/projects/$project/modules/$module/prompts/$prompt',
        params: { ...path, prompt },
      });
    },
    ['listPrompts', 'getModule', 'getDraft'],
  );
  return (
    <section>
      <h2>A new prompt</h2>
      <Outcome of={create} />
      <form className="row" onSubmit={submits(({ prompt = '' }) => create.mutate(prompt))}>
        <label>
          Name of the prompt
          <input name="prompt" required pattern="[a-z0-9\-]+" maxLength={64} title="a-z, 0-9 and -" />
        </label>
        <button type="submit">Write the prompt</button>
      </form>
    </section>
  );
}
