import { call, type InputOf } from '../../api/call.js';
import { Ago } from '../../parts/ago.js';
import { Shown, useAsked } from '../../parts/asked.js';
import { Outcome, useChange } from '../../parts/change.js';
import { Copy } from '../../parts/copy.js';
import { submits, wordsOf } from '../../parts/form.js';

const SCOPES = ['read', 'publish'] as const;

/** The tokens that act by one's name: made, seen once, revoked. */
export function OwnTokens() {
  const tokens = useAsked('listOwnTokens', {});
  const create = useChange(
    (body: InputOf<'createOwnToken'>['body']) => call('createOwnToken', { body }),
    ['listOwnTokens'],
  );
  const revoke = useChange((id: number) => call('revokeOwnToken', { path: { id } }), ['listOwnTokens']);
  return (
    <section>
      <h2>Your tokens</h2>
      <p className="hint">For terminals and programs. Whoever has one acts as you, within what it may do.</p>
      <Outcome of={revoke} said="The token is revoked." />
      <Shown asked={tokens} what="tokens">
        {({ tokens: all }) => (
          <ul className="stack">
            {all
              .filter(({ revokedAt }) => revokedAt === null)
              .map(({ id, name, scopes, expiresAt, lastUsedAt, packages, cidrs }) => (
                <li key={id}>
                  <strong>{name}</strong>
                  {`: ${[...scopes, ...packages, ...cidrs].join(', ')}; `}
                  {expiresAt ? <>expires {<Ago time={expiresAt} />}</> : 'never expires'}
                  {lastUsedAt ? <>; used {<Ago time={lastUsedAt} />}</> : '; never used'}{' '}
                  <button type="button" onClick={() => revoke.mutate(id)}>
                    Revoke<span className="hidden">{` ${name}`}</span>
                  </button>
                </li>
              ))}
          </ul>
        )}
      </Shown>
      <h3>A new token</h3>
      <Outcome of={create} />
      {create.data && (
        <div role="status">
          <p>It is shown only now:</p>
          <Copy text={create.data.token} what="the token" />
        </div>
      )}
      <form
        className="row"
        onSubmit={submits(({ name = '', expires, packages }, all) =>
          create.mutate({
            name,
            scopes: SCOPES.filter(scope => all.has(scope)),
            ...(expires ? { expiresAt: new Date(`${expires}T23:59:59Z`).toISOString() } : {}),
            ...(packages ? { packages: wordsOf(packages) } : {}),
          }),
        )}
      >
        <label>
          Name of the token
          <input name="name" required maxLength={100} />
        </label>
        <label>
          Expires
          <input name="expires" type="date" />
        </label>
        <label>
          Only for packages and scopes
          <input name="packages" placeholder="@bank, @acme/kyc" />
        </label>
        <fieldset>
          <legend>It may</legend>
          {SCOPES.map(scope => (
            <label key={scope} className="choice">
              <input type="checkbox" name={scope} defaultChecked={scope === 'read'} />
              {scope}
            </label>
          ))}
        </fieldset>
        <button type="submit">Make the token</button>
      </form>
    </section>
  );
}
