import { Box, useInput } from 'ink';
import { useEffect, useMemo, useRef, useState } from 'react';
import { INIT_FIELDS, type InitAnswers, type InitField, type InitForm } from '../../ops/prompts/init-form.js';
import { useSize } from '../browse/use-size.js';
import { keyNames } from '../parts/keys.js';
import { type Line, textLine } from '../parts/line.js';
import { LinesView, SurfaceContext } from '../parts/line-view.js';
import { TextField } from '../parts/text-field.js';
import { useModel } from '../parts/use-model.js';
import { actionOfKey, keysOfStep } from './init-keys.js';
import {
  answersOf,
  firstBad,
  type InitRules,
  type InitState,
  initReducer,
  openInit,
  STEPS,
} from './init-state.js';

export interface InitWizardProps {
  readonly form: InitForm;
  readonly colour: boolean;
  /** Called once, with what was typed, or with undefined when the user left. */
  readonly onEnd: (answers: InitAnswers | undefined) => void;
}

const QUESTIONS: Readonly<Record<InitField, string>> = {
  name: 'What others install it by: name, or @scope/name.',
  version: 'The version that is published first, as 0.1.0.',
  description: 'One sentence about it, for those who search.',
  template: 'What to start from.',
  author: 'Who wrote it, as in "Team <team@example.com>". May stay empty.',
  license: 'An SPDX expression, as in MIT. UNLICENSED gives nothing away.',
  prompt: 'The id of its first prompt, by which it is rendered.',
};
const LABEL_WIDTH = Math.max(...INIT_FIELDS.map(({ length }) => length)) + 1;
/** Of what is drawn besides the questions and what is said about one. */
const FRAME = 5;
/** Fewer lines than this show one question alone. */
const LEAST_ROWS = 17;

/** The questions of `prompd init` as a form: each answer is checked as it is typed. The answers stay when it is over. */
export function InitWizard({ form, colour, onEnd }: InitWizardProps) {
  const { columns, rows } = useSize();
  const rules = useMemo(() => rulesOf(form), [form]);
  const surface = useMemo(() => ({ colour }), [colour]);
  const { state, now, send } = useModel(initReducer(rules), () => openInit(form.given));
  const [help, setHelp] = useState(false);
  const answers = answersOf(state);
  const inTheWay = useInTheWay(form, state, answers);
  // A key can come before the frame that it answers to has its effects.
  const known = useRef(inTheWay);
  known.current = inTheWay;
  useInput((input, pressed) => {
    for (const key of keyNames(input, pressed)) {
      const action = actionOfKey(now().step, key);
      if (action === 'help') setHelp(is => !is);
      // What is known to fail is not tried; while it is not known, the operation will see.
      else if (action.kind !== 'accept' || now().step !== 'write' || known.current.length === 0) send(action);
    }
  });
  const { outcome } = state;
  useEffect(() => {
    if (outcome !== undefined) onEnd(outcome === 'accepted' ? answersOf(now()) : undefined);
  }, [outcome, now, onEnd]);

  const isSmall = rows < LEAST_ROWS;
  const shown = STEPS.filter(step =>
    outcome === undefined ? !isSmall || step === state.step : step !== 'write',
  );
  const about = help
    ? keysOfStep(state.step).map(([keys, does]) => textLine(`  ${keys.padEnd(22)} ${does}`))
    : aboutLines(form, { state, answers, inTheWay });
  return (
    <SurfaceContext.Provider value={surface}>
      <Box flexDirection="column" width={columns}>
        <LinesView lines={[titleLine(form, state), ...(isSmall ? [] : [[]])]} />
        {shown.map(step =>
          step === 'write' ? (
            <LinesView key={step} lines={[writeLine(form, state, answers)]} />
          ) : (
            <TextField
              key={step}
              label={`${markOf(step, state, rules)} ${step.padEnd(LABEL_WIDTH)}`}
              field={state.fields[step]}
              width={columns}
              active={outcome === undefined && state.step === step && step !== 'template'}
              placeholder={`${form.fallback(step, answers) || 'none'} (default)`}
            />
          ),
        )}
        {outcome === undefined && (
          <LinesView
            lines={[
              [],
              ...about.slice(0, Math.max(1, rows - FRAME - shown.length)),
              textLine(keyLine(state), 'dim'),
            ]}
          />
        )}
      </Box>
    </SurfaceContext.Provider>
  );
}

function rulesOf(form: InitForm): InitRules {
  return {
    templates: form.templates.map(({ kind }) => kind),
    isGood: (field, answers) => form.problem(field, answers) === undefined,
    template: answers => answers.template || form.fallback('template', answers),
  };
}

/** The files that are there already, once the question is whether to write them. */
function useInTheWay(form: InitForm, { step }: InitState, answers: InitAnswers): readonly string[] {
  const [found, setFound] = useState<readonly string[]>([]);
  const files = step === 'write' ? form.files(answers).join('\n') : '';
  useEffect(() => {
    let isOver = false;
    setFound([]);
    if (files !== '')
      void form.inTheWay(files.split('\n')).then(there => {
        if (!isOver) setFound(there);
      });
    return () => {
      isOver = true;
    };
  }, [form, files]);
  return found;
}

function titleLine({ dir }: InitForm, { step }: InitState): Line {
  return [
    { text: 'A new package in ', tone: 'strong' },
    { text: dir, tone: 'name' },
    { text: `  ${STEPS.indexOf(step) + 1} of ${STEPS.length}`, tone: 'dim' },
  ];
}

/** Also without colour: `>` for the question that is open, `+` for what is answered, `!` for what cannot be used. */
function markOf(field: InitField, state: InitState, rules: InitRules): string {
  if (state.step === field) return '>';
  if (!rules.isGood(field, answersOf(state))) return '!';
  return STEPS.indexOf(field) < STEPS.indexOf(state.step) ? '+' : ' ';
}

function writeLine(form: InitForm, { step }: InitState, answers: InitAnswers): Line {
  const count = form.files(answers).length;
  return [
    { text: `${step === 'write' ? '>' : ' '} ${'write'.padEnd(LABEL_WIDTH)} `, tone: 'strong' },
    { text: `${count} files`, tone: step === 'write' ? 'chosen' : 'dim' },
  ];
}

interface About {
  readonly state: InitState;
  readonly answers: InitAnswers;
  readonly inTheWay: readonly string[];
}

function aboutLines(form: InitForm, { state, answers, inTheWay }: About): Line[] {
  const { step } = state;
  if (step === 'write') return writeLines(form, answers, inTheWay);
  const problem = form.problem(step, answers);
  return [
    textLine(`  ${QUESTIONS[step]}`),
    ...(step === 'template' ? templateLines(form, answers) : []),
    ...(problem ? [textLine(`  ! ${problem.message}`, 'bad'), textLine(`  ${problem.hint ?? ''}`)] : []),
  ];
}

function templateLines(form: InitForm, answers: InitAnswers): Line[] {
  const chosen = answers.template || form.fallback('template', answers);
  const width = Math.max(...form.templates.map(({ kind }) => kind.length));
  return form.templates.map(({ kind, summary }) => {
    const isChosen = kind === chosen;
    return [
      { text: `  ${isChosen ? '>' : ' '} ` },
      { text: kind.padEnd(width), tone: isChosen ? 'chosen' : 'plain' },
      { text: `  ${summary}`, tone: 'dim' },
    ];
  });
}

function writeLines(form: InitForm, answers: InitAnswers, inTheWay: readonly string[]): Line[] {
  const bad = firstBad(answers, rulesOf(form));
  const files = form.files(answers).map((file): Line => {
    const isThere = inTheWay.includes(file);
    const note = isThere ? '  exists already' : '';
    return [{ text: `  ${isThere ? '!' : '+'} ${file}` }, { text: note, tone: 'bad' }];
  });
  if (bad !== undefined) return [textLine(`  ! "${bad}" needs another answer: Enter leads to it.`, 'bad')];
  return inTheWay.length === 0
    ? [...files, textLine('  Nothing is written before Enter.')]
    : [...files, textLine('  Nothing is overwritten: move these away, or choose another folder.', 'bad')];
}

function keyLine({ step }: InitState): string {
  if (step === 'write') return 'Enter: write   Shift-Tab: back   Esc: leave   ?: keys';
  if (step === 'template') return '↑ ↓: choose   Enter: next   Shift-Tab: back   Esc: leave   ?: keys';
  return 'Enter: next   Shift-Tab: back   Esc: leave, nothing is written';
}
