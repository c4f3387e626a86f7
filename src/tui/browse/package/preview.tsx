import { Box } from 'ink';
import { useEffect, useMemo, useState } from 'react';
import type { BrowsePreview, BrowsePrompt } from '../../../ops/browse/session.js';
import { cleanLine } from '../../parts/clean-text.js';
import { Form } from '../../parts/form.js';
import { type FormState, formAfter, formValues, openForm } from '../../parts/form-state.js';
import { useKeys } from '../../parts/key-layers.js';
import { type Line, textLine } from '../../parts/line.js';
import { LinesView } from '../../parts/line-view.js';
import { scrolled } from '../../parts/list-state.js';
import { useModel } from '../../parts/use-model.js';
import { wrapped, wrappedText } from '../../parts/wrap.js';
import type { SectionProps } from './package-view.js';

export interface PreviewProps extends SectionProps {
  readonly prompt: BrowsePrompt;
  readonly onClose: () => void;
}

/** Screens from here on have the form beside what it makes. */
const WIDE = 110;

/** A form for the parameters of a prompt, and what the prompt becomes with them, as they are typed. */
export function Preview({ session, info, size, active, prompt, onClose }: PreviewProps) {
  const { name, version } = info;
  const form = useModel(
    (state: FormState, key: string) => formAfter(state, key) ?? state,
    () => parameterForm(prompt),
  );
  const [preview, setPreview] = useState<BrowsePreview | undefined>(undefined);
  const [top, setTop] = useState(0);
  const values = JSON.stringify(formValues(form.state));
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text of the values is what they are known by
  useEffect(() => {
    let isWanted = true;
    session.preview({ name, version, id: prompt.id }, formValues(form.now())).then(
      answer => isWanted && setPreview(answer),
      (error: unknown) =>
        isWanted &&
        setPreview({ kind: 'problem', problems: [error instanceof Error ? error.message : String(error)] }),
    );
    return () => {
      isWanted = false;
    };
  }, [session, name, version, prompt.id, values]);

  const isWide = size.columns >= WIDE;
  const count = Math.max(1, form.state.fields.length);
  const formRows = isWide
    ? Math.max(1, size.rows - 1)
    : Math.min(count + 1, Math.max(2, Math.floor(size.rows / 3)));
  const formWidth = isWide ? Math.floor(size.columns / 2) - 2 : size.columns;
  const room = isWide ? Math.max(1, size.rows - 1) : Math.max(1, size.rows - formRows - 2);
  const width = isWide ? size.columns - formWidth - 2 : size.columns;
  const lines = useMemo(() => previewLines(preview, width), [preview, width]);
  useKeys(
    'field',
    key => {
      const page = PAGES[key];
      if (key === 'escape') onClose();
      else if (page !== undefined) setTop(from => scrolled(from, page, { length: lines.length, rows: room }));
      else if (key !== 'ctrl+c') form.send(key === 'enter' ? 'down' : key);
      return true;
    },
    active,
  );
  const first = Math.max(0, Math.min(top, lines.length - room));
  return (
    <Box flexDirection="column">
      <LinesView lines={[textLine('Type values; Enter, ↓ ↑: fields  PgUp PgDn: scroll  Esc: back', 'dim')]} />
      <Box flexDirection={isWide ? 'row' : 'column'}>
        <Box width={formWidth} flexDirection="column" marginRight={isWide ? 2 : 0}>
          {form.state.fields.length === 0 ? (
            <LinesView lines={[textLine('It has no parameters.', 'dim')]} />
          ) : (
            <Form form={form.state} width={formWidth} rows={formRows} active={active} />
          )}
        </Box>
        <Box flexDirection="column" width={width}>
          {!isWide && <LinesView lines={[textLine('─'.repeat(width), 'dim')]} />}
          <LinesView lines={lines.slice(first, first + room)} />
        </Box>
      </Box>
    </Box>
  );
}

const PAGES: Readonly<Record<string, 'page-down' | 'page-up'>> = { pagedown: 'page-down', pageup: 'page-up' };

/** One field a parameter; what it has by default is typed in already. */
function parameterForm({ parameters }: BrowsePrompt): FormState {
  return openForm(
    parameters.map(({ name, type, required, description, default: fallback, example }) => ({
      name,
      value: fallback === undefined ? '' : valueText(fallback),
      placeholder: example === undefined ? (required ? 'required' : 'optional') : `as ${valueText(example)}`,
      hint: [type, description ?? ''].filter(word => word !== '').join(': '),
    })),
  );
}

function valueText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What a prompt becomes, or what is missing. @param width columns */
export function previewLines(preview: BrowsePreview | undefined, width: number): Line[] {
  if (!preview) return [textLine('Rendering ...', 'dim')];
  if (preview.kind === 'problem')
    return [
      textLine('Not yet:', 'warn'),
      ...preview.problems.flatMap(problem =>
        wrapped([{ text: cleanLine(problem) }], { width, first: [{ text: '  ' }] }),
      ),
    ];
  return preview.messages.flatMap(({ role, content }, at) => [
    ...(at === 0 ? [] : [[]]),
    textLine(`--- ${role} ---`, 'strong'),
    ...wrappedText(content, width),
  ]);
}
