import { call } from '../../api/call.js';
import { ByName } from '../../parts/by-name.js';
import { Outcome, useChange } from '../../parts/change.js';
import { ImpactOf } from '../usage/impact.js';

/** Refuses a version everywhere: what that hits is said first. */
export function Revoke({ name, version }: { name: string; version: string }) {
  const revoke = useChange(
    (reason: string) => call('revokeVersion', { path: { name }, body: { version, reason } }),
    ['getModuleHistory', 'getModule', 'getDistTags', 'getDistTagMoves', 'getImpact', 'getPackage'],
  );
  return (
    <section>
      <h3>Revoke</h3>
      <Outcome of={revoke} said="It is revoked: nobody gets it any more." />
      <ByName
        name={`${name}@${version}`}
        act="Revoke"
        isPending={revoke.isPending}
        onSure={({ reason = '' }) => revoke.mutate(reason)}
      >
        <p>
          Nobody installs it and no application gets it from now on, those that have it included. A protected
          channel that points at it serves nothing until it is moved. This is not taken back.
        </p>
        <ImpactOf name={name} version={version} />
        <label>
          Reason; whoever asks for the version reads it
          <textarea name="reason" rows={2} required maxLength={2000} />
        </label>
      </ByName>
    </section>
  );
}
