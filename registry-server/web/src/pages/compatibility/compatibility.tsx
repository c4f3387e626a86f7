import { useState } from 'react';
import type { AnswerOf } from '../../api/call.js';
import { Shown, useAsked } from '../../parts/asked.js';
import { Evidence } from './evidence.js';
import { Matrix } from './matrix.js';
import { Runs } from './runs.js';
import './compatibility.css';

export type Rows = AnswerOf<'getCompatibility'>['prompts'];
export type Cell = Rows[number]['models'][number];

/** Which prompts of a version work with which models, what that is known by, and the runs that find it out. */
export function Compatibility({ name, version, mayRun }: { name: string; version: string; mayRun: boolean }) {
  const asked = useAsked('getCompatibility', { path: { name, version }, query: { tests: 'true' } });
  const [chosen, setChosen] = useState<string>();
  return (
    <Shown asked={asked} what="what works with what">
      {({ prompts }) => {
        const found = prompts
          .flatMap(row => row.models.map(cell => ({ prompt: row.prompt, cell })))
          .find(({ prompt, cell }) => keyOf(prompt, cell) === chosen);
        return (
          <>
            <Matrix rows={prompts} chosen={chosen} choose={setChosen} />
            {found && <Evidence key={chosen} prompt={found.prompt} cell={found.cell} />}
            <Runs name={name} version={version} rows={prompts} mayRun={mayRun} />
          </>
        );
      }}
    </Shown>
  );
}

/** Tells the cells of a matrix apart. */
export function keyOf(prompt: string, { provider, asked, model }: Cell): string {
  return `${prompt} ${provider} ${asked} ${model ?? ''}`;
}
