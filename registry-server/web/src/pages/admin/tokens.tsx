import { useState } from 'react';
import { type AnswerOf, call } from '../../api/call.js';
import { Ago } from '../../parts/ago.js';
import { Shown, useAsked } from '../../parts/asked.js';
import { Outcome, useChange } from '../../parts/change.js';
import { AdminFrame } from './admin-frame.js';

type Token = AnswerOf<'listTokens'>['tokens'][number];
/** Tokens that are shown at once. */
const SHOWN = 200;

/** Every token that acts here: whose it is, what it may do, from where and until when, and when it last did. */
export function TokensPage() {
  return <AdminFrame title="Tokens">{() => <All />}</AdminFrame>;
}

function All() {
  const asked = useAsked('listTokens', {});
  const [text, setText] = useState('');
  const [isAll, setAll] = useState(false);
  const revoke = useChange((id: number) => call('revokeToken', { path: { id } }), ['listTokens']);
  return (
    <>
      <search>
        <form className="row" onSubmit={event => event.preventDefault()}>
          <label>
            User, name or package
            <input type="search" value={text} onChange={event => setText(event.target.value)} />
          </label>
          <label className="choice">
            <input type="checkbox" checked={isAll} onChange={event => setAll(event.target.checked)} />
            also those that ended
          </label>
        </form>
      </search>
      <Outcome of={revoke} said="The token is revoked." />
      <Shown asked={asked} what="tokens">
        {({ tokens }) => (
          <Table
            tokens={tokens.filter(token => (isAll || isInUse(token)) && isAbout(token, text))}
            onRevoke={id => revoke.mutate(id)}
          />
        )}
      </Shown>
    </>
  );
}

function Table({ tokens, onRevoke }: { tokens: readonly Token[]; onRevoke: (id: number) => void }) {
  return (
    <>
      <p role="status">
        {tokens.length > SHOWN ? `The first ${SHOWN} of ${tokens.length}` : `${tokens.length} tokens`}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard */}
      <section className="scrolls" tabIndex={0} aria-label="Tokens">
        <table>
          <caption className="hidden">Tokens</caption>
          <thead>
            <tr>
              {['Token', 'User', 'It may', 'From', 'Ends', 'Last used', 'Change'].map(title => (
                <th key={title} scope="col">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {tokens.slice(0, SHOWN).map(token => (
              <tr key={token.id}>
                <th scope="row">{token.name}</th>
                <td>{token.user}</td>
                <td>{[...token.scopes, ...token.packages].join(', ')}</td>
                <td>{token.cidrs.join(', ') || 'anywhere'}</td>
                <td>{token.expiresAt ? <Ago time={token.expiresAt} /> : 'never'}</td>
                <td>{token.lastUsedAt ? <Ago time={token.lastUsedAt} /> : 'never'}</td>
                <td>
                  {token.revokedAt ? (
                    <>
                      {'revoked '}
                      <Ago time={token.revokedAt} />
                    </>
                  ) : (
                    <button type="button" onClick={() => onRevoke(token.id)}>
                      Revoke<span className="hidden">{` ${token.name} of ${token.user}`}</span>
                    </button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </>
  );
}

function isInUse({ revokedAt, expiresAt }: Token): boolean {
  return revokedAt === null && (expiresAt === null || Date.parse(expiresAt) > Date.now());
}

function isAbout({ name, user, packages }: Token, text: string): boolean {
  return [name, user, ...packages].join(' ').toLowerCase().includes(text.trim().toLowerCase());
}
