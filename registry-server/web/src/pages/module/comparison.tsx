import { useEffect, useRef } from 'react';
import { Shown, useAsked } from '../../parts/asked.js';
import { Differences } from '../../parts/differences.js';

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
