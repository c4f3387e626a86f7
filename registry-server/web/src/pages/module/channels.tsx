import { type AnswerOf, call, type InputOf } from '../../api/call.js';
import { Ago } from '../../parts/ago.js';
import { Shown, useAsked } from '../../parts/asked.js';
import { Outcome, useChange } from '../../parts/change.js';
import { submits } from '../../parts/form.js';
import { BreakGlass } from '../governance/break-glass.js';
import { Canary } from './canary.js';
import { ModuleFrame } from './module-frame.js';
import { useVersions, VersionField } from './version-field.js';

const STALE = [
  'getDistTags',
  'getDistTagMoves',
  'listPromotions',
  'getChannelSplit',
  'listApprovals',
] as const;

/** Which version each channel delivers, and how that changes. */
export function Channels() {
  return (
    <ModuleFrame title="Channels">
      {({ path, module, you }) =>
        module.latest === null ? (
          <p>Nothing of this module is published yet.</p>
        ) : (
          <>
            <All name={module.package} isApprover={you.roles.includes('approver')} />
            {you.roles.includes('approver') && <BreakGlass project={path.project} name={module.package} />}
          </>
        )
      }
    </ModuleFrame>
  );
}

function All({ name, isApprover }: { name: string; isApprover: boolean }) {
  const path = { name };
  const tags = useAsked('getDistTags', { path });
  const moves = useAsked('getDistTagMoves', { path });
  const published = useAsked('getPackage', { path });
  const rollBack = useChange((body: InputOf<'rollBack'>['body']) => call('rollBack', { path, body }), STALE);
  return (
    <>
      <h2>Channels</h2>
      <Outcome
        of={rollBack}
        said={rollBack.data ? `${rollBack.data.tag} is ${rollBack.data.to ?? 'gone'} again.` : ''}
      />
      <Shown asked={tags} what="channels">
        {all => (
          <>
            {Object.entries(all).map(([tag, version]) => (
              <section key={tag} className="card">
                <h3>
                  {tag} <span className="version">{version}</span>
                </h3>
                {isApprover && (
                  <RollBack
                    tag={tag}
                    earlier={earlierOf(tag, version, moves.data?.moves ?? []).filter(
                      one => published.data && Object.hasOwn(published.data.versions, one),
                    )}
                    take={rollBack.mutate}
                  />
                )}
                <Canary name={name} tag={tag} version={version} isApprover={isApprover} stale={STALE} />
              </section>
            ))}
          </>
        )}
      </Shown>
      {isApprover && <Promote name={name} />}
      {isApprover && <Scheduled name={name} />}
      <Moves name={name} />
    </>
  );
}

/** The way back to a version that a channel had; there is none where it had no other. */
function RollBack({
  tag,
  earlier,
  take,
}: {
  tag: string;
  /** The one before comes first. */
  earlier: readonly string[];
  take: (body: InputOf<'rollBack'>['body']) => void;
}) {
  if (earlier.length === 0) return <p className="hint">There is no other version that it can go back to.</p>;
  return (
    <form
      className="row"
      key={earlier.join()}
      onSubmit={submits(({ to = '', reason }) => take({ tag, to, ...(reason ? { reason } : {}) }))}
    >
      <label>
        {`Roll ${tag} back to`}
        <select name="to">
          {earlier.map(version => (
            <option key={version}>{version}</option>
          ))}
        </select>
      </label>
      <label>
        {`Reason to roll ${tag} back`}
        <input name="reason" maxLength={1000} />
      </label>
      <button type="submit">Roll back</button>
    </form>
  );
}

/** The other versions that a channel pointed at, the last one first. */
function earlierOf(tag: string, version: string, moves: AnswerOf<'getDistTagMoves'>['moves']): string[] {
  const all = moves.flatMap(({ tag: its, to }) => (its === tag && to !== null && to !== version ? [to] : []));
  return [...new Set(all.reverse())];
}

function Promote({ name }: { name: string }) {
  const versions = useVersions(name);
  const promote = useChange(
    (body: InputOf<'promote'>['body']) => call('promote', { path: { name }, body }),
    STALE,
  );
  // Without a version to choose, the form could not be sent.
  if (versions.length === 0) return null;
  return (
    <section>
      <h2>Promote</h2>
      <Outcome of={promote} said="It is promoted, or will be when it is due and approved." />
      <form
        className="row"
        onSubmit={submits(({ version = '', tag = '', at, reason }) =>
          promote.mutate({
            version,
            tag,
            ...(at ? { at: new Date(at).toISOString() } : {}),
            ...(reason ? { reason } : {}),
          }),
        )}
      >
        <VersionField versions={versions} label="Version" />
        <label>
          Channel
          <input name="tag" required placeholder="production" maxLength={100} />
        </label>
        <label>
          When; now if empty
          <input name="at" type="datetime-local" />
        </label>
        <label>
          Reason
          <input name="reason" maxLength={1000} />
        </label>
        <button type="submit" className="primary">
          Promote
        </button>
      </form>
    </section>
  );
}

function Scheduled({ name }: { name: string }) {
  const scheduled = useAsked('listPromotions', { path: { name } });
  const cancel = useChange(
    (promotion: string) => call('cancelPromotion', { path: { name, promotion } }),
    STALE,
  );
  return (
    <section>
      <h2>Scheduled</h2>
      <Outcome of={cancel} said="It will not happen." />
      <Shown asked={scheduled} what="what is scheduled">
        {({ promotions }) =>
          promotions.length === 0 ? (
            <p>Nothing is scheduled.</p>
          ) : (
            <ul>
              {promotions.map(one => (
                <li key={one.id}>
                  {`${one.version} to ${one.tag} `}
                  <Ago time={one.at} />
                  {`, by ${one.requestedBy}: ${one.state}${one.outcome ? `, ${one.outcome}` : ''} `}
                  {one.state === 'scheduled' && (
                    <button type="button" onClick={() => cancel.mutate(one.id)}>
                      Cancel<span className="hidden">{` ${one.version} to ${one.tag}`}</span>
                    </button>
                  )}
                </li>
              ))}
            </ul>
          )
        }
      </Shown>
    </section>
  );
}

function Moves({ name }: { name: string }) {
  const moves = useAsked('getDistTagMoves', { path: { name } });
  return (
    <section>
      <h2>What moved</h2>
      <Shown asked={moves} what="moves">
        {({ moves: all }) => (
          <ul>
            {all.map(({ tag, from, to, actor, movedAt }) => (
              <li key={`${tag} ${movedAt} ${to}`}>
                {`${tag}: ${from ?? 'nothing'} → ${to ?? 'nothing'}, by ${actor} `}
                <Ago time={movedAt} />
              </li>
            ))}
          </ul>
        )}
      </Shown>
    </section>
  );
}
