import { useEffect, useRef } from 'react';
import { Ago } from '../../parts/ago.js';
import type { Cell } from './compatibility.js';
import { Status } from './matrix.js';

type Found = NonNullable<Cell['evidence']>;
type Test = NonNullable<Found['tests']>[number];

/** What a status is known by: each test with its runs, as the registry keeps them. */
export function Evidence({ prompt, cell: { asked, digest, evidence } }: { prompt: string; cell: Cell }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  if (evidence === null) return null;
  const { tests = [], source, testedBy, model, version, testedAt, expiresAt, run, status } = evidence;
  return (
    <section className="card">
      <h3 ref={heading} tabIndex={-1}>{`Evidence: ${prompt} with ${asked}`}</h3>
      <dl className="facts-list">
        <dt>Found</dt>
        <dd>
          <Status of={status} /> {`${Math.round(evidence.score * 100)} % of the runs passed`}
        </dd>
        <dt>Answered by</dt>
        <dd>{model}</dd>
        <dt>Found out by</dt>
        <dd>{source === 'server' ? `the registry, for ${testedBy}` : `${testedBy}, who reports it`}</dd>
        <dt>Tested</dt>
        <dd>
          {`as ${version}, `}
          <Ago time={testedAt} />
        </dd>
        <dt>Holds until</dt>
        <dd>
          <Ago time={expiresAt} />
        </dd>
        <dt>Prompt</dt>
        <dd>
          <code>{digest}</code>
        </dd>
        {run !== null && (
          <>
            <dt>Run</dt>
            <dd>
              <code>{run}</code>
            </dd>
          </>
        )}
      </dl>
      {tests.length === 0 && <p>Its tests were not kept.</p>}
      {tests.map(test => (
        <Tested key={test.name} test={test} />
      ))}
    </section>
  );
}

function Tested({ test: { name, status, runs, more } }: { test: Test }) {
  return (
    <section>
      <h4>
        {name} <span className={`badge ${status === 'passed' ? 'good' : 'bad'}`}>{status}</span>
      </h4>
      <ol>
        {runs.map((run, index) => (
          // Runs are the same question again: their order is all that tells them apart.
          <li key={index}>
            <p className="facts">
              <span>{run.status}</span>
              {run.latencyMs !== undefined && <span>{`${Math.round(run.latencyMs)} ms`}</span>}
              {run.tokens !== undefined && <span>{`${run.tokens} tokens`}</span>}
            </p>
            {run.excerpt !== undefined && <pre className="answer">{run.excerpt}</pre>}
            {run.failures.map(failure => (
              <p key={failure} className="fault">
                {failure}
              </p>
            ))}
            {run.error && <p className="fault">{`${run.error.code}: ${run.error.message}`}</p>}
            {run.answerDigest !== undefined && (
              <p className="hint">
                {'answer '}
                <code className="secret">{run.answerDigest}</code>
              </p>
            )}
          </li>
        ))}
      </ol>
      {more !== undefined && <p className="hint">{`${more} more runs are not listed.`}</p>}
    </section>
  );
}
