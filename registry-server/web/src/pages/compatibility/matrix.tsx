import { ScrollingTable } from '../../parts/scrolling-table.js';
import type { Cell, Rows } from './compatibility.js';
import { keyOf } from './compatibility.js';

const WORDS = {
  works: ['works', 'good'],
  'needs-tuning': ['needs tuning', 'warn'],
  'not-supported': ['not supported', 'bad'],
  untested: ['untested', ''],
} as const;
const DAY = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' });

/** A line for each prompt and model, by prompt: its status, and the way to what that is known by. */
export function Matrix({
  rows,
  chosen,
  choose,
}: {
  rows: Rows;
  chosen: string | undefined;
  choose: (key: string) => void;
}) {
  if (rows.length === 0) return <p>It has no prompts of its own.</p>;
  return (
    <>
      {rows.map(({ prompt, digest, suite, problem, models }) => (
        <section key={prompt}>
          <h3 className="prompt-name">{prompt}</h3>
          <p className="hint">
            {digest ? <Digest of={digest} what="prompt" /> : 'It cannot be read.'}{' '}
            {suite ? <Digest of={suite} what="tests" /> : 'It has no tests.'} {problem}
          </p>
          {models.length === 0 ? (
            <p>No model is named for it, and none was tested.</p>
          ) : (
            <ScrollingTable title={`Models of ${prompt}`} head={['Model', 'Status', 'Score', 'Tested']}>
              {models.map(cell => (
                <Line
                  key={keyOf(prompt, cell)}
                  cell={cell}
                  prompt={prompt}
                  isChosen={keyOf(prompt, cell) === chosen}
                  choose={() => choose(keyOf(prompt, cell))}
                />
              ))}
            </ScrollingTable>
          )}
        </section>
      ))}
    </>
  );
}

function Line({
  cell,
  prompt,
  isChosen,
  choose,
}: {
  cell: Cell;
  prompt: string;
  isChosen: boolean;
  choose: () => void;
}) {
  const { provider, asked, model, variant, expired, evidence } = cell;
  return (
    <tr>
      <th scope="row">
        {`${provider} ${asked}`}
        {model !== null && model !== asked && <span className="version">{` (${model})`}</span>}
        {variant !== undefined && <span className="hint">{` by ${variant}`}</span>}
      </th>
      <td>
        <Status of={cell.status} /> {expired && <span className="badge warn">expired</span>}
      </td>
      <td>{evidence === null ? '–' : `${Math.round(evidence.score * 100)} %`}</td>
      <td>
        {evidence === null ? (
          'never'
        ) : (
          <button type="button" aria-pressed={isChosen} onClick={choose}>
            {`${DAY.format(new Date(evidence.testedAt))}: evidence`}
            <span className="hidden">{` for ${prompt} with ${asked}`}</span>
          </button>
        )}
      </td>
    </tr>
  );
}

/** A status in words, which a colour repeats. */
export function Status({ of }: { of: keyof typeof WORDS }) {
  const [words, colour] = WORDS[of];
  return <span className={`badge ${colour}`}>{words}</span>;
}

/** Enough of a digest to tell it from others; all of it on a closer look. */
function Digest({ of, what }: { of: string; what: string }) {
  return <code title={of}>{`${what} ${of.slice(0, 'sha256-'.length + 8)}…`}</code>;
}
