import { Link } from '@tanstack/react-router';
import type { AnswerOf } from '../../api/call.js';
import { Ago } from '../../parts/ago.js';
import { Shown, useAsked } from '../../parts/asked.js';
import { today } from '../../parts/series-chart.js';

type Worklist = AnswerOf<'getWorklist'>;

/** Drafts to go on with, and what ends soon. */
export function Waiting() {
  const asked = useAsked('getWorklist', {});
  return (
    <Shown asked={asked} what="your work">
      {({ drafts, reviews, evidence }) => (
        <>
          <Drafts drafts={drafts} />
          {reviews.length > 0 && <Reviews reviews={reviews} />}
          {evidence.length > 0 && <Evidence evidence={evidence} />}
        </>
      )}
    </Shown>
  );
}

function Drafts({ drafts }: Pick<Worklist, 'drafts'>) {
  return (
    <section>
      <h2>Drafts</h2>
      {drafts.length === 0 && <p className="empty">There is no draft to go on with.</p>}
      <ul>
        {drafts.map(({ package: name, updatedBy, updatedAt }) => (
          <li key={name}>
            <Link to="/projects/$project/modules/$module" params={pathOf(name)}>
              {name}
            </Link>
            {`, changed by ${updatedBy} `}
            <Ago time={updatedAt} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Reviews({ reviews }: Pick<Worklist, 'reviews'>) {
  return (
    <section>
      <h2>Reviews that are due</h2>
      <ul>
        {reviews.map(({ package: name, version, tags, reviewBy }) => (
          <li key={`${name}@${version}`}>
            <Link to="/projects/$project/modules/$module/evidence" params={pathOf(name)}>
              {`${name}@${version}`}
            </Link>
            {`, which ${tags.join(' and ')} delivers: by `}
            <time dateTime={reviewBy}>{reviewBy}</time>{' '}
            {reviewBy < today() && <span className="badge bad">overdue</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Evidence({ evidence }: Pick<Worklist, 'evidence'>) {
  return (
    <section>
      <h2>Evidence that ends</h2>
      <ul>
        {evidence.map(({ package: name, version, prompt, model, expiresAt }) => (
          <li key={`${name} ${version} ${prompt} ${model}`}>
            <Link to="/projects/$project/modules/$module" params={pathOf(name)}>
              {`${name}@${version}`}
            </Link>
            {`, ${prompt} with ${model}: `}
            <Ago time={expiresAt} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function pathOf(name: string): { project: string; module: string } {
  const [project = '', module = ''] = name.split('/');
  return { project, module };
}
