import { useState } from 'react';
import { useAccount } from '../../api/account.js';
import { type AnswerOf, call } from '../../api/call.js';
import { Ago } from '../../parts/ago.js';
import { Shown, useAsked } from '../../parts/asked.js';
import { Outcome, useChange } from '../../parts/change.js';
import { submits } from '../../parts/form.js';
import { ScrollingTable } from '../../parts/scrolling-table.js';
import { useUnsaved } from '../../parts/unsaved.js';
import { FUNCTIONS } from './members.js';
import { changesOf } from './policy-changes.js';
import { type OpenProject, ProjectFrame } from './project-frame.js';

type Policy = AnswerOf<'getPolicy'>['policy'];
type Proposal = NonNullable<AnswerOf<'getPolicy'>['proposed']>;
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
  const account = useAccount();
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
              <Proposed
                proposed={proposed}
                policy={policy}
                accept={
                  you.roles.includes('admin') && account?.name !== proposed.by
                    ? () => set.mutate({ policy: proposed.policy })
                    : undefined
                }
              />
            )}
            <PolicyForm
              key={version}
              policy={policy}
              canEdit={you.roles.includes('admin')}
              take={(changed, { reason, done }) =>
                set.mutate({ policy: changed, ...(reason ? { reason } : {}) }, { onSuccess: done })
              }
            />
          </>
        )}
      </Shown>
    </>
  );
}

/** What somebody wants to change, member by member. It is set when another admin says the same. */
function Proposed({
  proposed: { by, reason, policy: wanted },
  policy,
  accept,
}: {
  proposed: Proposal;
  policy: Policy;
  /** Undefined for who may not. */
  accept: (() => void) | undefined;
}) {
  return (
    <section className="notice" aria-labelledby="proposed">
      <h3 id="proposed">{`${by} proposes another policy`}</h3>
      {reason !== null && <p>{reason}</p>}
      <ScrollingTable title="What would change" head={['Rule', 'Now', 'Proposed']}>
        {changesOf(policy, wanted).map(({ rule, before, after }) => (
          <tr key={rule}>
            <th scope="row">{rule}</th>
            <td>{before}</td>
            <td>{after}</td>
          </tr>
        ))}
      </ScrollingTable>
      {accept ? (
        <button type="button" className="primary" onClick={accept}>
          Set what is proposed
        </button>
      ) : (
        <p className="hint">Another admin of the project sets it.</p>
      )}
    </section>
  );
}

function PolicyForm({
  policy,
  canEdit,
  take,
}: {
  policy: Policy;
  canEdit: boolean;
  /** @param done is called when it is set or proposed */
  take: (policy: Policy, more: { reason: string | undefined; done: () => void }) => void;
}) {
  const [isChanged, setChanged] = useState(false);
  useUnsaved(isChanged);
  return (
    <form
      className="stack"
      onInput={() => setChanged(true)}
      onSubmit={submits(({ reason }, all) =>
        take(policyFrom(policy, all), { reason, done: () => setChanged(false) }),
      )}
    >
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
          Admins that it takes to change this
          <select name="admins" defaultValue={String(policy.admins ?? 1)}>
            <option value="1">one</option>
            <option value="2">two</option>
          </select>
        </label>
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
    ...(all.get('admins') === '2' ? { admins: 2 } : policy.admins === undefined ? {} : { admins: 1 }),
    channels: Object.fromEntries(
      [...tags].map(tag => [tag, { ...policy.channels[tag], protected: wanted.includes(tag) }]),
    ),
  };
}
