import { render } from 'ink';
import { createElement } from 'react';
import { PrompdError } from '../../core/errors.js';
import type { Screen } from '../../ops/context.js';
import type { InitAnswers, InitForm } from '../../ops/prompts/init-form.js';
import { InitWizard } from './init-wizard.js';

/**
 * Puts the questions about a new package to the user, and waits for their end.
 * @throws PrompdError ECANCELLED when the user leaves instead
 */
export async function fillInit(
  form: InitForm,
  { input, output }: Screen,
  { colour }: { readonly colour: boolean },
): Promise<InitAnswers> {
  let answers: InitAnswers | undefined;
  const onEnd = (typed: InitAnswers | undefined) => {
    answers = typed;
    app.unmount();
  };
  const app = render(createElement(InitWizard, { form, colour, onEnd }), {
    stdin: input,
    stdout: output,
    exitOnCtrlC: false,
    patchConsole: false,
  });
  await app.waitUntilExit();
  if (answers !== undefined) return answers;
  throw new PrompdError('ECANCELLED', 'The questions were left. Nothing was written.', {
    hint: 'Run the command again, or "prompd init --yes" to be asked nothing.',
  });
}
