import { useState } from 'react';
import { call } from '../../api/call.js';
import { Ago } from '../../parts/ago.js';
import { Shown, useAsked } from '../../parts/asked.js';
import { Outcome, useChange } from '../../parts/change.js';
import { mayLoseUnsaved } from '../../parts/unsaved.js';
import { Comparison } from '../module/comparison.js';
import type { OpenModule } from '../module/module-frame.js';

/** The versions in which a prompt became another one; each can be compared and brought back. */
export function PromptHistory({
  open: { path, module, you },
  prompt,
  revision,
  onRestored,
}: {
  open: OpenModule;
  prompt: string;
  revision: number;
  onRestored: () => Promise<void>;
}) {
  const history = useAsked(
    'getPromptHistory',
    { path: { ...path, prompt } },
    { enabled: module.latest !== null },
  );
  const [compared, setCompared] = useState<string>();
  const restore = useChange(
    async (version: string) => {
      const headers = { 'if-match': `"${revision}"` };
      await call('restoreVersion', { path, body: { version, prompt } }, { headers });
      await onRestored();
    },
    ['getDraft', 'getModule', 'listPrompts'],
  );
  if (module.latest === null) return null;
  return (
    <section>
      <h2>History of the prompt</h2>
      <Outcome of={restore} said="The prompt is now as it was then. Publishing it makes a new version." />
      <Shown asked={history} what="the history">
        {({ changes }) => (
          <ul className="stack">
            {changes.map(({ version: { version, publishedBy, publishedAt }, change }) => (
              <li key={version} className="row">
                <span>
                  {`${version}: ${change} by ${publishedBy} `}
                  <Ago time={publishedAt} />
                </span>
                <button type="button" onClick={() => setCompared(version)}>
                  Compare<span className="hidden">{` with ${version}`}</span>
                </button>
                {you.roles.includes('editor') && change !== 'removed' && (
                  <button
                    type="button"
                    onClick={() => {
                      if (mayLoseUnsaved()) restore.mutate(version);
                    }}
                  >
                    Restore<span className="hidden">{` ${version}`}</span>
                  </button>
                )}
              </li>
            ))}
          </ul>
        )}
      </Shown>
      {compared && (
        <Comparison
          key={compared}
          takesFocus
          path={path}
          prompt={prompt}
          from={compared}
          to={module.hasDraft ? undefined : (module.latest ?? undefined)}
        />
      )}
    </section>
  );
}
