import { render } from 'ink';
import { createElement } from 'react';
import { PrompdError } from '../core/errors.js';
import type { Screen } from '../ops/context.js';
import type { UpdateChoice } from '../ops/update/update-choices.js';
import { UpdatePicker } from './update-picker.js';

/**
 * Shows a list of updates and waits for the user to choose.
 * @returns the names of those that were chosen
 * @throws PrompdError ECANCELLED when the user leaves the list instead
 */
export async function pickUpdates(choices: readonly UpdateChoice[], screen: Screen): Promise<string[]> {
  let chosen: readonly string[] | undefined;
  const onEnd = (names: readonly string[] | undefined) => {
    chosen = names;
    app.unmount();
  };
  const app = render(createElement(UpdatePicker, { choices, onEnd }), {
    stdin: screen.input,
    stdout: screen.output,
    exitOnCtrlC: false,
    patchConsole: false,
  });
  await app.waitUntilExit();
  if (chosen === undefined)
    throw new PrompdError('ECANCELLED', 'The choice was left. Nothing was updated.', {
      hint: 'Run the command again to choose, or name the packages to update.',
    });
  return [...chosen];
}
