import { lazy, Suspense } from 'react';
import type { AnswerOf } from '../../api/call.js';
import { Loading } from '../../parts/loading.js';

const Principles = lazy(() => import('../evidence/principles.js'));

/** What a reviewer has to go by: the tier and why, what the feat block says, and what it leaves open. */
export function Evidence({ request }: { request: AnswerOf<'getApproval'> }) {
  const { tier, computedTier, tierReason, floors, open, manifest, digest, integrity } = request;
  return (
    <section>
      <h2>Evidence</h2>
      <dl className="facts-list">
        <dt>Tier</dt>
        <dd>
          {tier === computedTier ? `${tier}, as computed` : `${tier}, computed as ${computedTier}`}
          {tierReason && `: ${tierReason}`}
        </dd>
        {floors.length > 0 && (
          <>
            <dt>Because of</dt>
            <dd>{floors.join('; ')}</dd>
          </>
        )}
        <dt>Approving signs</dt>
        <dd>
          <code>{digest}</code>
        </dd>
        <dt>Archive</dt>
        <dd>
          <code>{integrity}</code>
        </dd>
      </dl>
      <h3>What is still open</h3>
      {open.length === 0 ? (
        <p>Nothing is open.</p>
      ) : (
        <ul>
          {open.map(({ path, message }) => (
            <li key={`${path} ${message}`}>
              <code>{path}</code> {message}
            </li>
          ))}
        </ul>
      )}
      {manifest['feat'] !== undefined && (
        <details>
          <summary>What supports evidence for FEAT</summary>
          <Suspense fallback={<Loading what="the evidence" />}>
            <Principles manifest={manifest} />
          </Suspense>
        </details>
      )}
    </section>
  );
}
