import { Box } from 'ink';
import { useMemo } from 'react';
import { PrompdError } from '../../../core/errors.js';
import type { ApprovalDesk, Capacity, TypedDecision } from '../../../ops/browse/approval-desk.js';
import type { ShownApproval } from '../../../ops/governance/approvals.js';
import { cleanLine, shortened } from '../../parts/clean-text.js';
import { useKeys } from '../../parts/key-layers.js';
import { actionOf, type KeyName } from '../../parts/keys.js';
import { type Line, textLine } from '../../parts/line.js';
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
  /** Which of the capacities that there are. */
  readonly as: number;
}

interface ViewState {
  readonly draft: Draft | undefined;
  /** Why the registry refused the last decision, in its words. */
  readonly refusal: string | undefined;
}

const LABELS: Readonly<Record<Draft['decision'], string>> = {
  approve: 'Approve. Reason, may stay empty:',
  decline: 'Decline. Reason:',
};
/** In one's own name, for whatever function the registry takes. */
const PLAIN: readonly Capacity[] = [{}];

/** One request: what a reviewer reads, and their decision. */
export function ApprovalView(props: ApprovalViewProps) {
  const { desk, id, user, size, active, revision, notify, change, onClose } = props;
  const loaded = useLoaded(`${id} ${revision}`, () => desk.show(id));
  const request = loaded.state === 'ready' ? loaded.value.approval : undefined;
  const held = useLoaded(request?.id, async () => (request ? desk.capacities(request, user) : PLAIN));
  // Where nobody can tell, everybody still decides for themselves.
  const capacities = held.state === 'ready' ? held.value : PLAIN;
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

  const decide = (draft: Draft, { approval }: ShownApproval) => {
    const { decision, reason, as } = draft;
    const text = reason.value.trim();
    if (decision === 'decline' && text === '')
      return notify({ text: 'Say why it is declined.', tone: 'warn' });
    send({ draft: undefined, refusal: undefined });
    const what = `${approval.package}@${approval.version}`;
    change(`${decision === 'approve' ? 'Approving' : 'Declining'} ${what}`, async () => {
      try {
        const { digest } = approval;
        const after = await desk.decide(id, { decision, digest, reason: text, as: capacities[as] });
        onClose();
        return { summary: summaryOf(what, after.state), undoable: false };
      } catch (error) {
        // What was typed may be right in another capacity.
        send({ refusal: wordsOf(error), draft });
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
      else if (shown) send({ draft: { decision: action, reason: fieldOf(''), as: 0 } });
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
      } else if (key === 'tab') {
        send({ draft: { ...open, as: (open.as + 1) % capacities.length } });
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
  const choice =
    draft && capacities.length > 1 ? [capacityLine(capacities[draft.as], capacities, size.columns)] : [];
  const rows = Math.max(1, size.rows - said.length - choice.length - 1);
  return (
    <Box flexDirection="column">
      <LoadedLines
        loaded={loaded}
        size={{ columns: size.columns, rows }}
        active={active && draft === undefined}
        lines={() => lines}
      />
      <LinesView lines={[...said, ...choice]} />
      {draft ? (
        <TextField label={LABELS[draft.decision]} field={draft.reason} width={size.columns} active={active} />
      ) : (
        <LineView line={textLine('a: approve  d: decline  Esc: back', 'dim')} />
      )}
    </Box>
  );
}

/** In whose name and for which function it is, and how to choose. */
function capacityLine(capacity: Capacity = {}, all: readonly Capacity[], width: number): Line {
  const { onBehalfOf, function: chosen } = capacity;
  const who = onBehalfOf === undefined ? 'In your own name' : `In the name of ${cleanLine(onBehalfOf)}`;
  const isChoice = all.some(one => one.function !== undefined && one.onBehalfOf === onBehalfOf);
  const what = chosen === undefined ? 'the function that is missing' : cleanLine(chosen);
  const hint = '  Tab: otherwise';
  const text = shortened(isChoice ? `${who}, for ${what}` : who, Math.max(0, width - hint.length));
  return [
    { text, tone: 'warn' },
    { text: hint, tone: 'dim' },
  ];
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
