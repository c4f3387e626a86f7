import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { type AnswerOf, call, type InputOf } from '../../api/call.js';
import { Ago } from '../../parts/ago.js';
import { Shown, useAsked } from '../../parts/asked.js';
import { Outcome, useChange } from '../../parts/change.js';
import { counted } from '../../parts/counted.js';
import { submits } from '../../parts/form.js';
import { NewPassword } from '../../parts/new-password.js';
import { SessionLabel } from '../../parts/session-label.js';
import { AdminFrame } from './admin-frame.js';

type User = AnswerOf<'listUsers'>['users'][number];
/** What the audit keeps of why something was done to a user. */
type Why = Readonly<{ reason?: string }>;
const STALE = ['listUsers', 'listUserSessions'] as const;
const PAGE = 50;

/** Who has an account here. */
export function UsersPage() {
  return (
    <AdminFrame title="Users">
      {me => (
        <>
          <Found me={me.name} />
          <Add />
        </>
      )}
    </AdminFrame>
  );
}

function Found({ me }: { me: string }) {
  const { q, offset: from } = useSearch({ from: '/admin/users' });
  const offset = Math.max(0, Number(from) || 0);
  const navigate = useNavigate();
  const asked = useAsked('listUsers', { query: { ...(q ? { q } : {}), limit: PAGE + 1, offset } });
  const go = (search: { q?: string; offset?: string }) => void navigate({ to: '/admin/users', search });
  return (
    <>
      <search>
        <form className="row" key={q} onSubmit={submits(fields => go(fields))}>
          <label>
            Part of a name or address
            <input name="q" type="search" defaultValue={q} maxLength={100} />
          </label>
          <button type="submit">Find</button>
        </form>
      </search>
      <Shown asked={asked} what="users">
        {({ users }) => (
          <>
            <p role="status">{users.length === 0 ? 'There is no such user.' : ''}</p>
            <ul className="stack plain">
              {users.slice(0, PAGE).map(user => (
                <One key={user.name} user={user} isMe={user.name === me} />
              ))}
            </ul>
            <p className="row">
              {offset > 0 && (
                <button
                  type="button"
                  onClick={() => go({ ...(q ? { q } : {}), offset: String(Math.max(0, offset - PAGE)) })}
                >
                  Before
                </button>
              )}
              {users.length > PAGE && (
                <button
                  type="button"
                  onClick={() => go({ ...(q ? { q } : {}), offset: String(offset + PAGE) })}
                >
                  More
                </button>
              )}
            </p>
          </>
        )}
      </Shown>
    </>
  );
}

function One({ user, isMe }: { user: User; isMe: boolean }) {
  const { name, displayName, email, admin, disabledAt, createdAt, createdBy, hasPassword } = user;
  const [reason, setReason] = useState('');
  const why: Why = reason.trim() === '' ? {} : { reason: reason.trim() };
  const change = useChange(async (body: InputOf<'changeUser'>['body']) => {
    await call('changeUser', { path: { user: name }, body: { ...body, ...why } });
    setReason('');
  }, STALE);
  return (
    <li className="card">
      <h3>
        {displayName ? `${displayName} (${name})` : name}{' '}
        {admin && <span className="badge">admin of the registry</span>}{' '}
        {disabledAt && <span className="badge bad">disabled</span>}
      </h3>
      <p className="facts">
        {email && <span>{email}</span>}
        <span>{hasPassword ? 'signs in with a password' : 'signs in elsewhere'}</span>
        <span>
          {`made by ${createdBy} `}
          <Ago time={createdAt} />
        </span>
      </p>
      <Outcome of={change} said="It is changed." />
      <label>
        <span>
          Why, for the audit<span className="hidden">{`, of ${name}`}</span>
        </span>
        <input value={reason} onChange={event => setReason(event.target.value)} maxLength={500} />
      </label>
      {isMe ? (
        <p className="hint">This is you: another administrator changes what you may.</p>
      ) : (
        <p className="row">
          <button type="button" onClick={() => change.mutate({ disabled: disabledAt === null })}>
            {disabledAt ? 'Enable' : 'Disable'}
            <span className="hidden">{` ${name}`}</span>
          </button>
          <button type="button" onClick={() => change.mutate({ admin: !admin })}>
            {admin ? 'Take administration away' : 'Make an administrator'}
            <span className="hidden">{`: ${name}`}</span>
          </button>
        </p>
      )}
      <details>
        <summary>
          Sessions and password<span className="hidden">{` of ${name}`}</span>
        </summary>
        <Sessions user={name} why={why} />
        {!isMe && (
          <form
            className="row"
            onSubmit={submits((_, all) => change.mutate({ password: String(all.get('password')) }))}
          >
            <NewPassword label={`A new password for ${name}`} />
            <button type="submit">Set it</button>
          </form>
        )}
      </details>
    </li>
  );
}

function Sessions({ user, why }: { user: string; why: Why }) {
  const path = { user };
  const asked = useAsked('listUserSessions', { path });
  const end = useChange(() => call('endUserSessions', { path, query: why }), STALE);
  return (
    <>
      <Outcome of={end} said={end.data ? `${counted(end.data.ended, 'session')} ended.` : ''} />
      <Shown asked={asked} what="sessions">
        {({ sessions }) =>
          sessions.length === 0 ? (
            <p>{`${user} is signed in nowhere.`}</p>
          ) : (
            <>
              <ul>
                {sessions.map(session => (
                  <li key={session.id}>
                    <SessionLabel session={session} />, since <Ago time={session.createdAt} />
                  </li>
                ))}
              </ul>
              <button type="button" onClick={() => end.mutate()}>
                {`End all sessions of ${user}`}
              </button>
            </>
          )
        }
      </Shown>
    </>
  );
}

function Add() {
  const add = useChange((body: InputOf<'createUser'>['body']) => call('createUser', { body }), STALE);
  return (
    <section>
      <h2>A new user</h2>
      <Outcome of={add} said={add.data ? `${add.data.name} can sign in.` : ''} />
      <form
        className="row"
        onSubmit={submits(({ name = '', email }, all) =>
          add.mutate({
            name,
            password: String(all.get('password')),
            ...(email ? { email } : {}),
            ...(all.has('admin') ? { admin: true } : {}),
          }),
        )}
      >
        <label>
          Name
          <input name="name" required maxLength={100} autoComplete="off" />
        </label>
        <label>
          E-mail
          <input name="email" type="email" autoComplete="off" />
        </label>
        <NewPassword label="Password, at least 12 characters" />
        <label className="choice">
          <input type="checkbox" name="admin" />
          administers the registry
        </label>
        <button type="submit">Make the user</button>
      </form>
    </section>
  );
}
