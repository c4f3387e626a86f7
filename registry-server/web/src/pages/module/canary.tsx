import { call, type InputOf, type OperationId } from '../../api/call.js';
import { useAsked } from '../../parts/asked.js';
import { Outcome, useChange } from '../../parts/change.js';
import { submits } from '../../parts/form.js';
import { useVersions, VersionField } from './version-field.js';

/** A version that part of a channel's readers get. */
export function Canary({
  name,
  tag,
  version: current,
  isApprover,
  stale,
}: {
  name: string;
  tag: string;
  /** That the channel points at. */
  version: string;
  isApprover: boolean;
  stale: readonly OperationId[];
}) {
  const path = { name, tag };
  const { data } = useAsked('getChannelSplit', { path });
  const others = useVersions(name, current);
  // A split can be ended also when what was tried is gone.
  const isOpen = others.length > 0 || Boolean(data?.split);
  const set = useChange(
    (body: InputOf<'setChannelSplit'>['body']) => call('setChannelSplit', { path, body }),
    stale,
  );
  const end = useChange(() => call('endChannelSplit', { path }), stale);
  return (
    <>
      {data?.split && <p>{`${data.split.weight} percent of the readers get ${data.split.version}.`}</p>}
      {isApprover && !isOpen && <p className="hint">There is no other version to try.</p>}
      {isApprover && isOpen && (
        <form
          className="row"
          onSubmit={submits(({ version = '', weight }) => set.mutate({ version, weight: Number(weight) }))}
        >
          <VersionField versions={others} label={`Try in ${tag}`} />
          <label>
            Percent of the readers
            <input name="weight" type="number" min={1} max={99} defaultValue={10} required />
          </label>
          <button type="submit">Split</button>
          {data?.split && (
            <button type="button" onClick={() => end.mutate()}>
              End the split
            </button>
          )}
        </form>
      )}
      <Outcome of={set} said={`Readers of ${tag} are split.`} />
      <Outcome of={end} />
    </>
  );
}
