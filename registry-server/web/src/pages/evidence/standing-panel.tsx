import { PRINCIPLES } from 'prompd/feat';
import type { AnswerOf } from '../../api/call.js';
import { counted } from '../../parts/counted.js';
import { fieldId, fieldOf, type Standing } from './standing.js';

type Policy = AnswerOf<'getPolicy'>['policy'];

/** The tier of what is written, why it is that, and what is missing for it, principle by principle. */
export function StandingPanel({
  standing: { tiering, open, faults },
  policy,
}: {
  standing: Standing;
  policy: Policy | undefined;
}) {
  const { tier, score, floors } = tiering;
  const rules = policy?.tiers[tier];
  const named = PRINCIPLES.filter(({ number }) => open.some(({ principles }) => principles.includes(number)));
  return (
    <aside className="standing" aria-labelledby="standing">
      <h3 id="standing">Where it stands</h3>
      <div role="status">
        <p>
          <strong>{`Tier ${tier}`}</strong>
          {`: impact, complexity and reliance make ${score} of 27.`}
        </p>
        {floors.map(floor => (
          <p key={floor}>{floor}</p>
        ))}
        {rules && <p className="hint">{wordsOf(rules)}</p>}
        <p>
          {open.length === 0
            ? `Nothing that tier ${tier} asks for is missing.`
            : `${counted(open.length, 'point is', 'points are')} open.`}
          {faults.length > 0 && ' Some fields are not whole yet.'}
        </p>
      </div>
      {named.length > 0 && <h4>What is missing</h4>}
      <ul className="plain">
        {named.map(({ number, title }) => (
          <li key={number}>
            <strong>{`${number}. ${title}`}</strong>
            <ul>
              {open
                .filter(({ principles }) => principles.includes(number))
                .map(({ path, message }) => (
                  <li key={`${path} ${message}`}>
                    <button type="button" className="quiet" onClick={() => goTo(path)}>
                      {message}
                    </button>
                  </li>
                ))}
            </ul>
          </li>
        ))}
      </ul>
      {faults.length > 0 && (
        <>
          <h4>What is not whole</h4>
          <ul>
            {faults.map(({ path, message, hint }) => (
              <li key={`${path.join('.')} ${message}`}>
                {message} <span className="hint">{hint}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </aside>
  );
}

function wordsOf({ approvals, functions, reviewDays }: Policy['tiers']['1']): string {
  const who = functions.length === 0 ? '' : `, one for ${functions.join(', one for ')}`;
  return `It takes ${counted(approvals, 'approval')}${who}, and a review within ${reviewDays} days.`;
}

function goTo(path: string): void {
  const field = fieldOf(path.replace(/^feat\./, ''));
  if (field !== undefined) document.getElementById(fieldId(field))?.focus();
}
