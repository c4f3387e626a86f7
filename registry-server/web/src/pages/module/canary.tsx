import { call, type InputOf, type OperationId } from '../../api/call.js';
import { useAsked } from '../../parts/asked.js';
import { Outcome, useChange } from '../../parts/change.js';
import { submits } from '../../parts/form.js';
import { VersionField } from './version-field.js';

/** A version that part of a channel's readers get. */
export function Canary({
  name,
  tag,
  isApprover,
  stale,
}: {
  name: string;
  tag: string;
  isApprover: boolean;
  stale: readonly OperationId[];
}) {
  const path = { name, tag };
  const { data } = useAsked('getChannelSplit', { path });
  const set = useChange(
    (body: InputOf<'setChannelSplit'>['body']) => call('setChannelSplit', { path, body }),
    stale,
  );
  const end = useChange(() => call('endChannelSplit', { path }), stale);
  return (
    <>
      {data?.split && <p>{`${data.split.weight} percent of the readers get ${data.split.version}.`}</p>}
      {isApprover && (
        <form
          className="row"
          onSubmit={submits(({ version = '', weight }) => set.mutate({ version, weight: Number(weight) }))}
        >
          <VersionField name={name} label={`Try in ${tag}`} />
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
