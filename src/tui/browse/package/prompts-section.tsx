import { Box } from 'ink';
import { useState } from 'react';
import type { BrowsePrompt } from '../../../ops/browse/session.js';
import { cleanLine, fitted } from '../../parts/clean-text.js';
import { useKeys } from '../../parts/key-layers.js';
import { type Line, textLine } from '../../parts/line.js';
import { LinesView } from '../../parts/line-view.js';
import {
  type ListMove,
  type ListSize,
  type ListState,
  listMove,
  moved,
  TOP,
} from '../../parts/list-state.js';
import { useLoaded } from '../../parts/use-loaded.js';
import { useModel } from '../../parts/use-model.js';
import { WindowedList } from '../../parts/windowed-list.js';
import { wrapped } from '../../parts/wrap.js';
import type { SectionProps } from './package-view.js';
import { Preview } from './preview.js';
import { LoadedLines } from './section.js';

/** The prompts with what they ask for; one of them can be filled and seen as it is rendered. */
export function PromptsSection(props: SectionProps) {
  const { session, info, size, active } = props;
  const { name, version } = info;
  const loaded = useLoaded(`${name}@${version}`, signal => session.open(name, version, signal));
  if (loaded.state !== 'ready' || loaded.value.prompts.length === 0)
    return (
      <LoadedLines
        loaded={loaded}
        size={size}
        active={active}
        lines={() => [textLine('This version has no prompts.', 'dim')]}
      />
    );
  return <PromptList {...props} prompts={loaded.value.prompts} />;
}

function moveList(
  state: ListState,
  { move, size }: { readonly move: ListMove; readonly size: ListSize },
): ListState {
  return moved(state, move, size);
}

/** The most lines that the list takes from what it shows of one prompt. */
const MAX_LIST = 8;

function PromptList({ prompts, ...props }: SectionProps & { readonly prompts: readonly BrowsePrompt[] }) {
  const { size, active } = props;
  const list = useModel(moveList, () => TOP);
  const [filling, setFilling] = useState(false);
  const rows = Math.max(1, Math.min(prompts.length, MAX_LIST, Math.floor(size.rows / 2)));
  useKeys(
    'section',
    key => {
      const move = listMove(key);
      if (move !== undefined) list.send({ move, size: { length: prompts.length, rows } });
      else if (key === 'enter') setFilling(prompts[list.now().cursor]?.broken === undefined);
      else return false;
      return true;
    },
    active && !filling,
  );
  const prompt = prompts[list.state.cursor];
  if (!prompt) return null;
  if (filling) return <Preview {...props} prompt={prompt} onClose={() => setFilling(false)} />;
  const room = Math.max(0, size.rows - rows - 2);
  return (
    <Box flexDirection="column">
      <WindowedList
        length={prompts.length}
        rows={rows}
        list={list.state}
        active={active}
        line={index => promptLine(prompts[index], size.columns)}
      />
      <LinesView
        lines={[
          [],
          textLine(
            prompt.broken === undefined ? 'Enter: fill it in and see what it becomes' : 'It cannot be used:',
            'dim',
          ),
          ...parameterLines(prompt, size.columns).slice(0, room),
        ]}
      />
    </Box>
  );
}

function promptLine(prompt: BrowsePrompt | undefined, width: number): Line {
  if (!prompt) return [];
  const { id, description, broken } = prompt;
  const name = Math.min(30, Math.floor(width / 3));
  return [
    { text: fitted(id, name), tone: 'name' },
    {
      text: `  ${cleanLine(broken === undefined ? description : `broken: ${broken}`)}`,
      tone: broken === undefined ? 'plain' : 'bad',
    },
  ];
}

/** What a prompt asks for. @param width columns */
export function parameterLines({ parameters, broken }: BrowsePrompt, width: number): Line[] {
  if (broken !== undefined) return wrapped([{ text: cleanLine(broken), tone: 'bad' }], { width });
  if (parameters.length === 0) return [textLine('It has no parameters.', 'dim')];
  return parameters.flatMap(({ name, type, required, description = '', default: fallback }) => {
    const notes = [
      type,
      required ? 'required' : '',
      fallback === undefined ? '' : `default ${JSON.stringify(fallback)}`,
    ];
    const head: Line = [
      { text: `  ${cleanLine(name)}`, tone: 'strong' },
      { text: ` (${cleanLine(notes.filter(note => note !== '').join(', '))})`, tone: 'dim' },
    ];
    return description === ''
      ? [head]
      : [head, ...wrapped([{ text: cleanLine(description) }], { width, first: [{ text: '    ' }] })];
  });
}
