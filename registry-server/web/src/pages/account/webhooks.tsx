import { useState } from 'react';
import { type AnswerOf, call, type InputOf } from '../../api/call.js';
import { Ago } from '../../parts/ago.js';
import { Shown, useAsked } from '../../parts/asked.js';
import { Outcome, useChange } from '../../parts/change.js';
import { Copy } from '../../parts/copy.js';
import { counted } from '../../parts/counted.js';
import { submits, wordsOf } from '../../parts/form.js';
import { SignedIn } from '../../parts/signed-in.js';

type Webhook = AnswerOf<'listWebhooks'>['webhooks'][number];

const EVENTS = [
  'version.published',
  'version.revoked',
  'approval.requested',
  'approval.decided',
  'channel.moved',
  'channel.flagged',
  'advisory.published',
  'advisory.updated',
  'advisory.withdrawn',
] as const;

/** Where the registry tells of what happens. */
export function Webhooks() {
  return (
    <SignedIn title="Webhooks">
      {() => (
        <>
          <h1>Webhooks</h1>
          <Mine />
          <Make />
        </>
      )}
    </SignedIn>
  );
}

function Mine() {
  const asked = useAsked('listWebhooks', { query: { limit: 100 } });
  return (
    <Shown asked={asked} what="webhooks">
      {({ webhooks }) => (
        <>
          {webhooks.length === 0 && <p>There are no webhooks.</p>}
          {webhooks.map(one => (
            <One key={one.id} webhook={one} />
          ))}
        </>
      )}
    </Shown>
  );
}

function One({ webhook: { id, url, events, packages, disabledAt, disabledReason } }: { webhook: Webhook }) {
  const [isOpen, setOpen] = useState(false);
  const deliveries = useAsked('listDeliveries', { path: { id }, query: { limit: 20 } }, { enabled: isOpen });
  const stale = ['listWebhooks', 'listDeliveries'] as const;
  const try_ = useChange(() => call('testWebhook', { path: { id } }), stale);
  const change = useChange(
    (enabled: boolean) => call('changeWebhook', { path: { id }, body: { enabled } }),
    stale,
  );
  const rotate = useChange(
    (hours: number) => call('rotateWebhookSecret', { path: { id }, body: { hours } }),
    stale,
  );
  const remove = useChange(() => call('removeWebhook', { path: { id } }), stale);
  return (
    <section className="card">
      <h2 className="card-title">{url}</h2>
      <p className="facts">
        <span>{events.join(', ')}</span>
        {packages.length > 0 && <span>{packages.join(', ')}</span>}
        {disabledAt && (
          <span className="badge warn">{`off${disabledReason ? `: ${disabledReason}` : ''}`}</span>
        )}
      </p>
      <p className="row">
        <button type="button" onClick={() => try_.mutate()}>
          Send a test<span className="hidden">{` to ${url}`}</span>
        </button>
        <button type="button" onClick={() => change.mutate(disabledAt !== null)}>
          {disabledAt ? 'Turn on' : 'Turn off'}
          <span className="hidden">{` ${url}`}</span>
        </button>
        <button type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          Deliveries<span className="hidden">{` to ${url}`}</span>
        </button>
      </p>
      <Outcome of={try_} said="A test is on its way." />
      <Outcome of={change} />
      <Outcome of={rotate} />
      {rotate.data && <Secret text={rotate.data.secret} />}
      <Outcome of={remove} />
      <details>
        <summary>
          Change the secret<span className="hidden">{` of ${url}`}</span>
        </summary>
        <p>For so long what is sent is signed with both, so that the receiver can change over.</p>
        <form className="row" onSubmit={submits(({ hours }) => rotate.mutate(Number(hours)))}>
          <label>
            Hours that the old secret still holds
            <input name="hours" type="number" min={0} max={168} defaultValue={24} required />
          </label>
          <button type="submit" disabled={rotate.isPending}>
            Make a new secret<span className="hidden">{` for ${url}`}</span>
          </button>
        </form>
      </details>
      <details>
        <summary>
          Remove<span className="hidden">{` ${url}`}</span>
        </summary>
        <p>What is on its way is not sent any more, and the secret is forgotten.</p>
        <button type="button" className="danger" onClick={() => remove.mutate()}>
          Remove it<span className="hidden">{`, ${url}`}</span>
        </button>
      </details>
      {isOpen && (
        <Shown asked={deliveries} what="deliveries">
          {({ deliveries: all }) => (
            <ul>
              {all.length === 0 && <li>Nothing was sent yet.</li>}
              {all.map(one => (
                <li key={one.event}>
                  {`${one.type}: ${one.state}, ${counted(one.attempts, 'try', 'tries')}${one.lastStatus ? `, ${one.lastStatus}` : ''}${one.lastError ? `, ${one.lastError}` : ''} `}
                  <Ago time={one.createdAt} />
                </li>
              ))}
            </ul>
          )}
        </Shown>
      )}
    </section>
  );
}

function Secret({ text }: { text: string }) {
  return (
    <div role="status">
      <p>What is sent is signed with this secret, which is shown only now:</p>
      <Copy text={text} what="the secret" />
    </div>
  );
}

function Make() {
  const make = useChange(
    (body: InputOf<'createWebhook'>['body']) => call('createWebhook', { body }),
    ['listWebhooks'],
  );
  return (
    <section>
      <h2>A new webhook</h2>
      <Outcome of={make} />
      {make.data && <Secret text={make.data.secret} />}
      <form
        className="stack"
        onSubmit={submits(({ url = '', packages }, all) =>
          make.mutate({
            url,
            events: EVENTS.filter(name => all.has(name)),
            ...(packages ? { packages: wordsOf(packages) } : {}),
          }),
        )}
      >
        <label>
          Address
          <input name="url" type="url" required placeholder="https://example.com/hook" />
        </label>
        <label>
          Packages
          <input name="packages" placeholder="@bank, @acme/kyc" />
        </label>
        <fieldset>
          <legend>Tell of</legend>
          {EVENTS.map(name => (
            <label key={name} className="choice">
              <input type="checkbox" name={name} defaultChecked={name === 'version.published'} />
              {name}
            </label>
          ))}
        </fieldset>
        <p>
          <button type="submit">Make the webhook</button>
        </p>
      </form>
    </section>
  );
}
