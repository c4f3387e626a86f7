import { Box } from 'ink';
import { type ComponentType, useEffect, useState } from 'react';
import type { ApprovalDesk, ApprovalInbox } from '../../../ops/browse/approval-desk.js';
import { cleanLine, shortened } from '../../parts/clean-text.js';
import { useKeys } from '../../parts/key-layers.js';
import { actionOf } from '../../parts/keys.js';
import { type Line, textLine } from '../../parts/line.js';
import { LinesView, LineView } from '../../parts/line-view.js';
import { listMove } from '../../parts/list-state.js';
import { useList } from '../../parts/use-list.js';
import { type Loaded, useLoaded } from '../../parts/use-loaded.js';
import { WindowedList } from '../../parts/windowed-list.js';
import { wrapped } from '../../parts/wrap.js';
import { failedLine, loadingLine } from '../package/section.js';
import type { BrowseTab, TabProps } from '../tab.js';
import { useLast } from '../use-last.js';
import { APPROVAL_KEYS, INBOX_KEYS } from './approval-keys.js';
import { inboxLine, isOwn } from './approval-lines.js';
import { ApprovalView } from './approval-view.js';

/** The tab of requests for approval. */
export function approvalsTab(desk: ApprovalDesk): BrowseTab {
  const component: ComponentType<TabProps> = props => <ApprovalsTab {...props} desk={desk} />;
  return {
    id: 'approvals',
    title: 'Approvals',
    component,
    keys: [
      { title: 'Requests', table: INBOX_KEYS },
      { title: 'A request', table: APPROVAL_KEYS },
    ],
  };
}

function ApprovalsTab({ desk, ...props }: TabProps & { readonly desk: ApprovalDesk }) {
  const { size, active, revision } = props;
  const [asked, setAsked] = useState(0);
  const [opened, setOpened] = useState<string | undefined>(undefined);
  // Nobody is asked before the tab is looked at.
  const [seen, setSeen] = useState(active);
  useEffect(() => {
    if (active) setSeen(true);
  }, [active]);
  const loaded = useLoaded(seen ? `${revision} ${asked}` : undefined, () => desk.inbox());
  const inbox = useLast(loaded);
  const approvals = inbox?.approvals ?? [];
  const rows = Math.max(1, size.rows - 1);
  const list = useList({ length: approvals.length, rows });
  useKeys(
    'tab',
    key => {
      const move = listMove(key);
      const action = actionOf(INBOX_KEYS, key);
      if (move !== undefined) list.move(move);
      else if (action === 'again') setAsked(count => count + 1);
      else if (action === 'open') setOpened(approvals[list.cursor()]?.id);
      else return false;
      return true;
    },
    active && opened === undefined,
  );

  const user = inbox?.user;
  if (opened !== undefined && user !== undefined)
    return (
      <ApprovalView
        key={opened}
        {...props}
        desk={desk}
        id={opened}
        user={user}
        onClose={() => setOpened(undefined)}
      />
    );
  if (user === undefined || approvals.length === 0)
    return (
      <LinesView lines={emptyLines(inbox, loaded).flatMap(line => wrapped(line, { width: size.columns }))} />
    );
  return (
    <Box flexDirection="column">
      <LineView line={textLine(shortened(titleOf(approvals, user), size.columns), 'strong')} />
      <WindowedList
        length={approvals.length}
        rows={rows}
        list={list.state}
        active={active}
        line={index => {
          const approval = approvals[index];
          return approval ? inboxLine(approval, user, size.columns - 2) : [];
        }}
      />
    </Box>
  );
}

function titleOf(approvals: ApprovalInbox['approvals'], user: string): string {
  const own = approvals.filter(approval => isOwn(approval, user)).length;
  const wait = `${approvals.length} ${approvals.length === 1 ? 'request waits' : 'requests wait'}`;
  return `${wait} for a decision, ${own} of them yours; signed in as ${cleanLine(user)}`;
}

function emptyLines(inbox: ApprovalInbox | undefined, loaded: Loaded<ApprovalInbox>): Line[] {
  if (loaded.state === 'failed') return [failedLine(loaded.error)];
  if (!inbox) return [loadingLine('requests')];
  const { registry, user } = inbox;
  if (user !== undefined)
    return [
      textLine(`Nothing waits for a decision at ${cleanLine(registry)}.`),
      textLine(`You are signed in as ${cleanLine(user)}.`, 'dim'),
    ];
  return [
    textLine(`You are not signed in to ${cleanLine(registry)}: approvals are shown to those who may decide.`),
    [],
    [
      { text: 'Run ' },
      { text: `prompd login --registry ${cleanLine(registry)}`, tone: 'name' },
      { text: ', or set PROMPD_TOKEN.' },
    ],
  ];
}
