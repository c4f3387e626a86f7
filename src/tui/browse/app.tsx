import { Box, useApp } from 'ink';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import type { Clock } from '../../core/clock.js';
import { PrompdError } from '../../core/errors.js';
import type { BrowseSession } from '../../ops/browse/session.js';
import { KeyLayers, useKeys } from '../parts/key-layers.js';
import { actionOf, type KeyName } from '../parts/keys.js';
import type { LineTable } from '../parts/line-table.js';
import { LineView, SurfaceContext } from '../parts/line-view.js';
import { TypingContext } from '../parts/text-field.js';
import { useModel } from '../parts/use-model.js';
import { Header } from './header.js';
import { Help } from './help.js';
import { SHELL_KEYS, type ShellKey } from './shell-keys.js';
import { openShell, shellReducer } from './shell-state.js';
import { StatusLine } from './status-line.js';
import type { BrowseTab, TabProps, TerminalDesk } from './tab.js';
import { useSize } from './use-size.js';

export interface BrowserProps {
  readonly session: BrowseSession;
  readonly tabs: readonly [BrowseTab, ...BrowseTab[]];
  readonly terminal: TerminalDesk;
  readonly now: Clock;
  readonly colour: boolean;
  /** Where the lines of the screen are kept, when what writes for ink puts them in. */
  readonly table?: LineTable | undefined;
  /** Called when the screen is taken down, at whose end whatever way. */
  readonly onGone?: () => void;
}

/** How long a message stands, in milliseconds. */
const NOTICE_MS = 10_000;
/** Header, a line between, status. */
const FRAME = 3;

/** The whole screen: tabs, of which one is seen, with a header above and the status below. */
export function Browser(props: BrowserProps) {
  const { onGone } = props;
  useLayoutEffect(() => () => onGone?.(), [onGone]);
  return (
    <KeyLayers>
      <Shell {...props} />
    </KeyLayers>
  );
}

function Shell({ session, tabs, terminal, now, colour, table }: BrowserProps) {
  const { exit } = useApp();
  const { columns, rows } = useSize();
  const surface = useMemo(() => ({ colour, columns, table }), [colour, columns, table]);
  const shell = useModel(shellReducer, () => openShell(tabs.length));
  const { state, send } = shell;
  const answer = useRef<((yes: boolean) => void) | undefined>(undefined);

  useEffect(() => session.onOffline(offline => send({ type: 'offline', offline })), [session, send]);

  const { notice } = state;
  useEffect(() => {
    if (!notice) return;
    const timer = setTimeout(() => send({ type: 'notice', notice: undefined }), NOTICE_MS);
    return () => clearTimeout(timer);
  }, [notice, send]);

  const notify = useCallback<TabProps['notify']>(notice => send({ type: 'notice', notice }), [send]);
  const ask = useCallback<TabProps['ask']>(
    question =>
      new Promise(resolve => {
        answer.current?.(false);
        answer.current = resolve;
        send({ type: 'question', question });
      }),
    [send],
  );
  const typing = useCallback((step: 1 | -1) => send({ type: 'typing', step }), [send]);
  const change = useCallback<TabProps['change']>(
    (label, run) => {
      if (shell.now().job) return notify({ text: 'Wait until the change before is done.', tone: 'warn' });
      send({ type: 'job', label });
      const options = {
        progress: (progress: Parameters<Parameters<typeof run>[0]['progress']>[0]) =>
          void send({ type: 'progress', progress }),
      };
      run(options).then(
        ({ summary, undoable }) =>
          send({ type: 'done', notice: { text: summary, tone: 'good', undoable }, undo: session.undoable() }),
        (error: unknown) => send({ type: 'done', notice: noticeOf(error), undo: session.undoable() }),
      );
    },
    [session, shell.now, send, notify],
  );

  const act: Readonly<Record<ShellKey, () => void>> = {
    first: () => send({ type: 'tab', index: 0 }),
    second: () => send({ type: 'tab', index: 1 }),
    third: () => send({ type: 'tab', index: 2 }),
    next: () => send({ type: 'next-tab', step: 1 }),
    previous: () => send({ type: 'next-tab', step: -1 }),
    help: () => send({ type: 'help', shown: !shell.now().help }),
    quit: () => {
      if (shell.now().job)
        notify({ text: 'Wait until the change is done; Ctrl-C leaves at once.', tone: 'warn' });
      else exit();
    },
    undo: () => {
      const what = session.undoable();
      if (what === undefined) notify({ text: 'There is nothing to take back.' });
      else change(`Taking back: ${what}`, options => session.undo(options));
    },
  };
  useKeys('shell', key => {
    const action = actionOf(SHELL_KEYS, key);
    if (action === undefined) return false;
    act[action]();
    return true;
  });
  useKeys('dialog', key => {
    // Whatever has the keys, this one leaves.
    if (key === 'ctrl+c') {
      exit();
      return true;
    }
    if (answer.current) return reply(key);
    if (!shell.now().help || !['?', 'escape', 'q'].includes(key)) return false;
    send({ type: 'help', shown: false });
    return true;
  });
  const reply = (key: KeyName): boolean => {
    const yes = key === 'y' || key === 'Y' || key === 'enter';
    if (!yes && !['n', 'N', 'q', 'escape'].includes(key)) return true;
    const resolve = answer.current;
    answer.current = undefined;
    send({ type: 'question', question: undefined });
    resolve?.(yes);
    return true;
  };

  const room = { columns, rows: Math.max(1, rows - 1 - FRAME) };
  const seen = tabs[state.tab] ?? tabs[0];
  return (
    <SurfaceContext.Provider value={surface}>
      <Box flexDirection="column" width={columns} height={rows - 1} overflowY="hidden">
        <Header tabs={tabs} state={state} registry={session.registry} width={columns} />
        <LineView line={[{ text: '─'.repeat(columns), tone: 'dim' }]} />
        <Box flexDirection="column" height={room.rows} overflowY="hidden">
          {state.help && <Help tab={seen} tabs={tabs.length} rows={room.rows} />}
          <TypingContext.Provider value={typing}>
            {tabs.map(tab => {
              const active = tab === seen && !state.help;
              const Tab = tab.component;
              return (
                <Box key={tab.id} display={active ? 'flex' : 'none'} flexDirection="column">
                  <Tab
                    session={session}
                    size={room}
                    active={active}
                    revision={state.revision}
                    now={now}
                    terminal={terminal}
                    notify={notify}
                    change={change}
                    ask={ask}
                  />
                </Box>
              );
            })}
          </TypingContext.Provider>
        </Box>
        <StatusLine state={state} width={columns} />
      </Box>
    </SurfaceContext.Provider>
  );
}

/** An error as the status line tells it. */
export function noticeOf(error: unknown): { text: string; tone: 'bad' } {
  if (error instanceof PrompdError)
    return { text: `${error.code}: ${error.message} ${error.hint}`, tone: 'bad' };
  return { text: error instanceof Error ? error.message : String(error), tone: 'bad' };
}
