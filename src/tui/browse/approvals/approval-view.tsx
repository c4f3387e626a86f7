import { Box } from 'ink';
import { useMemo } from 'react';
import { PrompdError } from '../../../core/errors.js';
import type { ApprovalDesk, TypedDecision } from '../../../ops/browse/approval-desk.js';
import type { ShownApproval } from '../../../ops/governance/approvals.js';
import { cleanLine } from '../../parts/clean-text.js';
import { useKeys } from '../../parts/key-layers.js';
import { actionOf, type KeyName } from '../../parts/keys.js';
import { textLine } from '../../parts/line.js';
import { LinesView, LineView } from '../../parts/line-view.js';
import { TextField } from '../../parts/text-field.js';
import { type FieldState, fieldOf, typed } from '../../parts/text-field-state.js';
import { useLoaded } from '../../parts/use-loaded.js';
import { useModel } from '../../parts/use-model.js';
import { wrapped } from '../../parts/wrap.js';
import { LoadedLines } from '../package/section.js';
import type { TabProps } from '../tab.js';
import { APPROVAL_KEYS } from './approval-keys.js';
import { approvalLines } from './approval-lines.js';

export interface ApprovalViewProps
  extends Pick<TabProps, 'size' | 'active' | 'revision' | 'notify' | 'change'> {
  readonly desk: ApprovalDesk;
  readonly id: string;
  /** Who is signed in. */
  readonly user: string;
  readonly onClose: () => void;
}

/** A decision before it is sent. */
interface Draft {
  readonly decision: TypedDecision['decision'];
  readonly reason: FieldState;
  /** In whose name; undefined for one's own. */
  readonly onBehalfOf: string | undefined;
}

interface ViewState {
  readonly draft: Draft | undefined;
  /** Why the registry refused the last decision, in its words. */
  readonly refusal: string | undefined;
}

const LABELS: Readonly<Record<Draft['decision'], readonly [string, string]>> = {
  approve: ['Approve', 'Reason, may stay empty:'],
  decline: ['Decline', 'Reason:'],
};
const NOBODY: readonly string[] = [];

/** One request: what a reviewer reads, and their decision. */
export function ApprovalView(props: ApprovalViewProps) {
  const { desk, id, user, size, active, revision, notify, change, onClose } = props;
  const loaded = useLoaded(`${id} ${revision}`, () => desk.show(id));
  const project = loaded.state === 'ready' ? loaded.value.approval.project : undefined;
  const held = useLoaded(project, () => desk.principals(project ?? '', user));
  // Where nobody can tell, everybody still decides for themselves.
  const principals = held.state === 'ready' ? held.value : NOBODY;
  const { state, now, send } = useModel(
    (before: ViewState, change: Partial<ViewState>) => ({ ...before, ...change }),
    (): ViewState => ({ draft: undefined, refusal: undefined }),
  );
  const { draft, refusal } = state;
  const shown = loaded.state === 'ready' ? loaded.value : undefined;
  const lines = useMemo(
    () => (shown ? approvalLines(shown, user, size.columns) : []),
    [shown, user, size.columns],
  );

  const decide = ({ decision, reason, onBehalfOf }: Draft, { approval }: ShownApproval) => {
    const text = reason.value.trim();
    if (decision === 'decline' && text === '')
      return notify({ text: 'Say why it is declined.', tone: 'warn' });
    send({ draft: undefined, refusal: undefined });
    const what = `${approval.package}@${approval.version}`;
    change(`${decision === 'approve' ? 'Approving' : 'Declining'} ${what}`, async () => {
      try {
        const after = await desk.decide(id, { decision, digest: approval.digest, reason: text, onBehalfOf });
        onClose();
        return { summary: summaryOf(what, after.state), undoable: false };
      } catch (error) {
        send({ refusal: wordsOf(error) });
        throw error;
      }
    });
  };
  useKeys(
    'tab',
    key => {
      const action = actionOf(APPROVAL_KEYS, key);
      if (action === undefined) return false;
      if (action === 'close') onClose();
      else if (shown) send({ draft: { decision: action, reason: fieldOf(''), onBehalfOf: undefined } });
      return true;
    },
    active,
  );
  // Listens always: what is typed ahead of the field's first picture is for it, too.
  useKeys(
    'field',
    (key: KeyName) => {
      const { draft: open } = now();
      if (!open) return false;
      if (key === 'escape') send({ draft: undefined });
      else if (key === 'enter') {
        if (shown) decide(open, shown);
      } else if (key === 'tab' && principals.length > 0) {
        const next = principals[open.onBehalfOf === undefined ? 0 : principals.indexOf(open.onBehalfOf) + 1];
        send({ draft: { ...open, onBehalfOf: next } });
      } else {
        const reason = typed(open.reason, key);
        if (reason === undefined) return false;
        send({ draft: { ...open, reason } });
      }
      return true;
    },
    active,
  );

  const said =
    refusal === undefined ? [] : wrapped([{ text: refusal, tone: 'bad' }], { width: size.columns });
  const rows = Math.max(1, size.rows - said.length - 1);
  return (
    <Box flexDirection="column">
      <LoadedLines
        loaded={loaded}
        size={{ columns: size.columns, rows }}
        active={active && draft === undefined}
        lines={() => lines}
      />
      <LinesView lines={said} />
      {draft ? (
        <TextField
          label={labelOf(draft, principals.length > 0)}
          field={draft.reason}
          width={size.columns}
          active={active}
        />
      ) : (
        <LineView line={textLine('a: approve  d: decline  Esc: back', 'dim')} />
      )}
    </Box>
  );
}

function labelOf({ decision, onBehalfOf }: Draft, isChoice: boolean): string {
  const [verb, ask] = LABELS[decision];
  const name = onBehalfOf === undefined ? 'yourself' : cleanLine(onBehalfOf);
  return isChoice ? `${verb} for ${name} (Tab: for others). ${ask}` : `${verb}. ${ask}`;
}

function summaryOf(what: string, state: string): string {
  return state === 'pending'
    ? `Your approval of ${what} counts; others are missing.`
    : `${what} is ${cleanLine(state)}.`;
}

function wordsOf(error: unknown): string {
  if (error instanceof PrompdError) return cleanLine(`${error.code}: ${error.message} ${error.hint}`);
  return cleanLine(error instanceof Error ? error.message : String(error));
}
