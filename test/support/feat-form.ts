import type { Page } from 'playwright-core';
import type { FeatBlock } from '#prompd/feat/index.js';

/** What is pressed for another entry of each list. */
const ADD: Readonly<Record<string, string>> = {
  groupsAtRisk: 'Add a group at risk',
  personalAttributes: 'Add a personal attribute',
  fairnessTests: 'Add a fairness test',
  ethicsCommitments: 'Add a commitment',
  models: 'Add a model',
  evaluations: 'Add an evaluation',
  evidence: 'Add a record',
};

/** Fills the form of the evidence with a block, field by field. It has to be empty. @throws Error for a member that the form has no field for */
export async function fillFeatForm(page: Page, { schemaVersion: _, ...block }: FeatBlock): Promise<void> {
  for (const [member, value] of Object.entries(block)) await fill(page, `feat-${member}`, value);
}

async function fill(page: Page, id: string, value: unknown): Promise<void> {
  if (Array.isArray(value) && value.some(entry => typeof entry === 'object')) {
    const name = ADD[id.slice('feat-'.length)];
    if (name === undefined) throw new Error(`no list ${id}`);
    for (const [index, entry] of value.entries()) {
      await page.getByRole('button', { name, exact: true }).click();
      for (const [member, inner] of Object.entries(entry))
        await fill(page, `${id}-${index}-${member}`, inner);
    }
    return;
  }
  const field = page.locator(`[id="${id}"]`);
  if ((await field.count()) === 0) {
    if (typeof value !== 'object' || value === null) throw new Error(`no field ${id}`);
    for (const [member, inner] of Object.entries(value)) await fill(page, `${id}-${member}`, inner);
    return;
  }
  const tag = await page.evaluate<string>(
    `[document.getElementById('${id}').tagName, document.getElementById('${id}').type].join(' ')`,
  );
  if (tag.startsWith('FIELDSET')) {
    if (!Array.isArray(value)) throw new Error(`no list for ${id}`);
    for (const one of value) await field.getByLabel(String(one), { exact: true }).check();
  } else if (tag.startsWith('SELECT')) {
    await field.selectOption(value === true ? 'yes' : value === false ? 'no' : String(value));
  } else await field.fill(textOf(value, tag));
}

function textOf(value: unknown, tag: string): string {
  if (Array.isArray(value)) return value.join('\n');
  if (typeof value === 'object' && value !== null)
    return Object.entries(value)
      .map(([name, number]) => `${name} = ${String(number)}`)
      .join('\n');
  return tag.endsWith('datetime-local') ? String(value).slice(0, 16) : String(value);
}
