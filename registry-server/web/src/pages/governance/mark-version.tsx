import { call, type InputOf } from '../../api/call.js';
import { Outcome, useChange } from '../../parts/change.js';
import { submits } from '../../parts/form.js';
import type { Version } from './versions.js';

const STALE = ['getModuleHistory', 'getPackage', 'getModule'] as const;

function useMark(name: string) {
  return useChange(
    (body: InputOf<'configurePackage'>['body']) => call('configurePackage', { path: { name }, body }),
    STALE,
  );
}

/** Says of a version what to take in its place; it is delivered and installed as before. */
export function Deprecate({ name, version: { version, deprecated } }: { name: string; version: Version }) {
  const mark = useMark(name);
  return (
    <section>
      <h3>Deprecate</h3>
      <p>Whoever takes the version is told this; it stays as it is.</p>
      <Outcome of={mark} said="It is said." />
      <form
        className="row"
        onSubmit={submits(({ message = '' }) => mark.mutate({ deprecated: { [version]: message } }))}
      >
        <label>
          What to take instead
          <input
            key={deprecated}
            name="message"
            required
            maxLength={1000}
            defaultValue={deprecated ?? ''}
            placeholder="Take 2.0.0."
          />
        </label>
        <button type="submit">Deprecate</button>
        {deprecated !== null && (
          <button type="button" onClick={() => mark.mutate({ deprecated: { [version]: null } })}>
            Say it no longer
          </button>
        )}
      </form>
    </section>
  );
}

/** Takes a version out of new resolutions; who has it locked keeps it. */
export function Yank({ name, version: { version, yanked } }: { name: string; version: Version }) {
  const mark = useMark(name);
  return (
    <section>
      <h3>Yank</h3>
      <p>New installations pass the version over; lockfiles and channels that name it keep it.</p>
      <Outcome of={mark} said={yanked ? 'It is yanked.' : 'It is as it was.'} />
      <button type="button" onClick={() => mark.mutate({ yanked: { [version]: !yanked } })}>
        {yanked ? 'Take it back' : 'Yank'}
        <span className="hidden">{` ${version}`}</span>
      </button>
    </section>
  );
}
