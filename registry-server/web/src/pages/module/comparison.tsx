import { useEffect, useRef } from 'react';
import type { AnswerOf } from '../../api/call.js';
import { Shown, useAsked } from '../../parts/asked.js';
import { Patch } from '../../parts/patch.js';

type Difference = AnswerOf<'compareModule'>;

/** How a version differs from another, or from the draft: for callers, in prompd.json and line by line. */
export function Comparison({
  path,
  prompt,
  from,
  to,
  takesFocus = false,
}: {
  path: { project: string; module: string };
  /** All of the module when it is not said. */
  prompt?: string;
  from: string;
  /** The draft when it is not said. */
  to: string | undefined;
  /** Whether it was just asked for, and so is read next. */
  takesFocus?: boolean;
}) {
  const asked = useAsked('compareModule', {
    path,
    query: { from, ...(to ? { to } : {}), ...(prompt ? { prompt } : {}) },
  });
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (takesFocus) heading.current?.focus();
  }, [takesFocus]);
  return (
    <section>
      <h2 ref={heading} tabIndex={-1}>{`${from} and ${to ?? 'the draft'}`}</h2>
      <Shown asked={asked} what="the comparison">
        {difference => <Differences of={difference} />}
      </Shown>
    </section>
  );
}

/** @param isFirst whether there is nothing to compare with, and everything is shown */
export function Differences({ of, isFirst = false }: { of: Difference; isFirst?: boolean }) {
  const { changes, uncompared, manifest, files } = of;
  return (
    <>
      {!isFirst && <p>{verdict(of)}</p>}
      {changes.length > 0 && (
        <>
          <h3>Contract</h3>
          <ul>
            {changes.map(({ level: one, message }) => (
              <li key={`${one} ${message}`}>
                <span className={`badge ${one === 'breaking' ? 'bad' : ''}`}>{one}</span> {message}
              </li>
            ))}
          </ul>
        </>
      )}
      {uncompared.length > 0 && (
        <p>{`Not compared, as they take text from other packages: ${[...new Set(uncompared.map(({ prompt }) => prompt))].join(', ')}`}</p>
      )}
      {manifest.length > 0 && (
        <>
          <h3>prompd.json</h3>
          <ul>
            {manifest.map(({ field, before, after }) => (
              <li key={field}>
                <code>{field}</code>
                {`: ${JSON.stringify(before) ?? 'nothing'} → ${JSON.stringify(after) ?? 'nothing'}`}
              </li>
            ))}
          </ul>
        </>
      )}
      {files.length > 0 && <h3>Files</h3>}
      {files.map(({ path: file, status, patch, note }) => (
        <section key={file}>
          <h4>{`${file}: ${status}${typeof note === 'string' ? `, ${note}` : ''}`}</h4>
          {typeof patch === 'string' && <Patch text={patch} />}
        </section>
      ))}
    </>
  );
}

/** What was not compared may have changed for callers too: then the step is the least that it can be. */
function verdict({ level, needed, uncompared }: Difference): string {
  if (!level) return 'Nothing changed.';
  const least = `it needs at least ${needed?.version ?? 'another version'}`;
  return uncompared.length > 0
    ? `As far as it could be compared, this is ${level} for callers: ${least}.`
    : `For callers this is ${level}; ${least}.`;
}
