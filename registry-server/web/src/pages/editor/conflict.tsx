import { useEffect, useMemo, useRef } from 'react';
import { TwoTexts } from './two-texts.js';

export interface Theirs {
  readonly source: string;
  readonly updatedBy: string | null;
}

/** Somebody else was faster: both texts, and the choice between them. */
export function Conflict({
  what,
  mine,
  theirs,
  choose,
}: {
  /** What both wrote, as in "this prompt". */
  what: string;
  mine: string;
  theirs: Theirs;
  choose: (which: 'mine' | 'theirs') => void;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const { source, updatedBy } = theirs;
  const left = useMemo(() => ({ text: source, label: 'What is saved now' }), [source]);
  const right = useMemo(() => ({ text: mine, label: 'What you wrote' }), [mine]);
  return (
    <section className="failure">
      <h2 ref={heading} tabIndex={-1}>
        {`${updatedBy ?? 'Somebody'} saved ${what} while you wrote`}
      </h2>
      <p>Nothing of yours was saved. On the left is what is saved now, on the right what you wrote.</p>
      <TwoTexts left={left} right={right} />
      <p className="row">
        <button type="button" onClick={() => choose('mine')}>
          Save mine in its place
        </button>
        <button type="button" onClick={() => choose('theirs')}>
          Take what is saved now
        </button>
      </p>
    </section>
  );
}
