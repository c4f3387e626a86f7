import { useAccount } from '../../api/account.js';
import { call } from '../../api/call.js';
import { useAsked } from '../../parts/asked.js';
import { ByName } from '../../parts/by-name.js';
import { Outcome, useChange } from '../../parts/change.js';

/**
 * Points a protected channel at a version that nobody approved. It asks for the password again, is marked, and goes back
 * by itself unless it is approved in time.
 */
export function BreakGlass({ project, name }: { project: string; name: string }) {
  const account = useAccount();
  const { data: policy } = useAsked('getPolicy', { path: { project } });
  const { data: history } = useAsked('getModuleHistory', {
    path: { project, module: name.slice(name.indexOf('/') + 1) },
  });
  const { data: waiting } = useAsked('listApprovals', {
    query: { package: name, state: 'pending', limit: 100 },
  });
  const force = useChange(
    (body: { version: string; tag: string; reason: string; password: string }) =>
      call('breakGlass', { path: { name }, body }),
    ['getDistTags', 'getDistTagMoves', 'listApprovals', 'getModuleHistory'],
  );
  const channels = Object.entries(policy?.policy.channels ?? {}).flatMap(([tag, of]) =>
    of.protected ? [tag] : [],
  );
  const pending = (waiting?.approvals ?? []).flatMap(({ kind, version }) =>
    kind === 'publication' ? [version] : [],
  );
  const published = (history?.versions ?? []).flatMap(({ version, status, deleted, revoked }) =>
    status !== 'published' || deleted || revoked ? [] : [version],
  );
  const versions = [...new Set([...pending, ...published])];
  if (!policy || channels.length === 0 || versions.length === 0) return null;
  return (
    <section>
      <h2>Break the glass</h2>
      <Outcome
        of={force}
        said={
          force.data
            ? `${force.data.tag} is ${force.data.version} now. It goes back unless it is approved in time.`
            : ''
        }
      />
      {account?.hasPassword ? (
        <ByName
          name={name}
          act="Break the glass for"
          isPending={force.isPending}
          onSure={({ version = '', tag = '', reason = '' }, all) =>
            force.mutate({ version, tag, reason, password: String(all.get('password')) })
          }
        >
          <p>
            {`For an emergency alone. The channel moves at once, without approval, and everybody who reviews is told. Unless others approve it within ${policy.policy.breakGlassHours} hours, it goes back. An author of the version cannot do it.`}
          </p>
          <label>
            Where to force it
            <select name="tag">
              {channels.map(tag => (
                <option key={tag}>{tag}</option>
              ))}
            </select>
          </label>
          <label>
            What to force
            <select name="version">
              {versions.map(version => (
                <option key={version} value={version}>
                  {pending.includes(version) ? `${version} (not approved)` : version}
                </option>
              ))}
            </select>
          </label>
          <label>
            Why it cannot wait, at least 20 characters
            <textarea name="reason" rows={2} required minLength={20} maxLength={2000} />
          </label>
          <label>
            Your password, once more
            <input name="password" type="password" autoComplete="current-password" required />
          </label>
        </ByName>
      ) : (
        <p>
          It takes a password, which your account does not have. Sign in at a terminal and use{' '}
          <code>prompd promote --break-glass</code>.
        </p>
      )}
    </section>
  );
}
