import { type AnswerOf, call } from '../../api/call.js';
import { Ago } from '../../parts/ago.js';
import { Shown, useAsked } from '../../parts/asked.js';
import { Outcome, useChange } from '../../parts/change.js';
import { submits } from '../../parts/form.js';
import { FUNCTIONS } from './members.js';
import { type OpenProject, ProjectFrame } from './project-frame.js';

type Policy = AnswerOf<'getPolicy'>['policy'];
const TIERS = ['1', '2', '3'] as const;

/** By which rules a project approves, and which channels are protected. */
export function PolicyPage() {
  return <ProjectFrame title="Policy">{project => <Rules project={project} />}</ProjectFrame>;
}

function Rules({ project: { project, you } }: { project: OpenProject }) {
  const asked = useAsked('getPolicy', { path: { project } });
  const set = useChange(
    (body: { policy: Policy; reason?: string }) => call('setPolicy', { path: { project }, body }),
    ['getPolicy'],
  );
  return (
    <>
      <h2>Policy</h2>
      <Outcome
        of={set}
        said={set.data?.proposed ? 'It is proposed: another admin sets it.' : 'The policy is set.'}
      />
      <Shown asked={asked} what="the policy">
        {({ policy, version, setBy, setAt, proposed }) => (
          <>
            <p className="hint">
              {version === 0 ? 'What holds where nothing was set.' : `Version ${version}, set by ${setBy} `}
              {setAt && <Ago time={setAt} />}
            </p>
            {proposed && (
              <section className="notice" aria-labelledby="proposed">
                <h3 id="proposed">Proposed by {proposed.by}</h3>
                {proposed.reason !== null && <p>{proposed.reason}</p>}
                <pre>{JSON.stringify(proposed.policy, null, 2)}</pre>
                {you.roles.includes('admin') && (
                  <button type="button" onClick={() => set.mutate({ policy: proposed.policy })}>
                    Set what is proposed
                  </button>
                )}
              </section>
            )}
            <PolicyForm
              key={version}
              policy={policy}
              canEdit={you.roles.includes('admin')}
              take={(changed, reason) => set.mutate({ policy: changed, ...(reason ? { reason } : {}) })}
            />
          </>
        )}
      </Shown>
    </>
  );
}

function PolicyForm({
  policy,
  canEdit,
  take,
}: {
  policy: Policy;
  canEdit: boolean;
  take: (policy: Policy, reason: string | undefined) => void;
}) {
  return (
    <form className="stack" onSubmit={submits(({ reason }, all) => take(policyFrom(policy, all), reason))}>
      {TIERS.map(tier => (
        <fieldset key={tier} disabled={!canEdit}>
          <legend>{`Tier ${tier}`}</legend>
          <div className="row">
            <Count
              name={`approvals-${tier}`}
              label="Approvals"
              value={policy.tiers[tier].approvals}
              max={10}
            />
            <Count
              name={`days-${tier}`}
              label="Days between reviews"
              value={policy.tiers[tier].reviewDays}
              max={3650}
            />
            {FUNCTIONS.map(name => (
              <label key={name} className="choice">
                <input
                  type="checkbox"
                  name={`${name}-${tier}`}
                  defaultChecked={policy.tiers[tier].functions.includes(name)}
                />
                {`one for ${name}`}
              </label>
            ))}
          </div>
        </fieldset>
      ))}
      <fieldset className="row" disabled={!canEdit}>
        <legend>For all</legend>
        <label>
          FEAT must be complete from
          <select name="feat" defaultValue={String(policy.featFrom ?? '')}>
            <option value="">no tier</option>
            {TIERS.map(tier => (
              <option key={tier} value={tier}>{`tier ${tier}`}</option>
            ))}
          </select>
        </label>
        <Count name="requestDays" label="Days until a request expires" value={policy.requestDays} max={90} />
        <Count
          name="breakGlassHours"
          label="Hours to approve what was let through"
          value={policy.breakGlassHours}
          max={168}
        />
        <label>
          Protected channels
          <input
            name="channels"
            defaultValue={Object.entries(policy.channels)
              .filter(([, { protected: is }]) => is)
              .map(([tag]) => tag)
              .join(', ')}
          />
        </label>
      </fieldset>
      {canEdit && (
        <div className="row">
          <label>
            Reason
            <input name="reason" maxLength={1000} />
          </label>
          <button type="submit">Set the policy</button>
        </div>
      )}
    </form>
  );
}

function Count({ name, label, value, max }: { name: string; label: string; value: number; max: number }) {
  return (
    <label>
      {label}
      <input name={name} type="number" min={0} max={max} defaultValue={value} required />
    </label>
  );
}

/** What the form says, over what it does not show, such as a channel's own tiers. */
function policyFrom(policy: Policy, all: FormData): Policy {
  const number = (name: string) => Number(all.get(name));
  const tier = (of: (typeof TIERS)[number]) => ({
    approvals: number(`approvals-${of}`),
    functions: FUNCTIONS.filter(name => all.has(`${name}-${of}`)),
    reviewDays: number(`days-${of}`),
  });
  const wanted = String(all.get('channels'))
    .split(/[\s,]+/)
    .filter(tag => tag !== '');
  const feat = ([1, 2, 3] as const).find(one => String(one) === all.get('feat')) ?? null;
  const tags = new Set([...Object.keys(policy.channels), ...wanted]);
  return {
    tiers: { 1: tier('1'), 2: tier('2'), 3: tier('3') },
    featFrom: feat,
    requestDays: number('requestDays'),
    breakGlassHours: number('breakGlassHours'),
    ...(policy.admins === undefined ? {} : { admins: policy.admins }),
    channels: Object.fromEntries(
      [...tags].map(tag => [tag, { ...policy.channels[tag], protected: wanted.includes(tag) }]),
    ),
  };
}
