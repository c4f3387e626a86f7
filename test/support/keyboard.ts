import type { Locator, Page } from 'playwright-core';

/** What somebody does who has no mouse: everything is reached with Tab, in the order of the page. */
export interface Keyboard {
  /** Goes on to an element; fails where Tab does not come by it. */
  reach(target: Locator): Promise<void>;
  /** Reaches a link or button and presses it; a box is ticked. */
  press(target: Locator): Promise<void>;
  /** Reaches a field and writes in it, in place of what is there. */
  write(target: Locator, text: string): Promise<void>;
  /** Reaches a list and chooses by the first letters. */
  choose(target: Locator, text: string): Promise<void>;
}

/** More than any page has that can be reached. */
const MAX_STOPS = 150;

export function keyboardOf(page: Page): Keyboard {
  const keyboard: Keyboard = {
    async reach(target) {
      await target.waitFor();
      for (let stop = 0; stop < MAX_STOPS; stop += 1) {
        if ((await target.and(page.locator(':focus')).count()) === 1) return;
        await page.keyboard.press('Tab');
      }
      throw new Error(`Tab does not come by ${String(target)}`);
    },
    async press(target) {
      await keyboard.reach(target);
      const isBox = (await target.getAttribute('type')) === 'checkbox';
      await page.keyboard.press(isBox ? 'Space' : 'Enter');
    },
    async write(target, text) {
      await keyboard.reach(target);
      await page.keyboard.press('Control+A');
      await page.keyboard.insertText(text);
    },
    async choose(target, text) {
      await keyboard.reach(target);
      await page.keyboard.type(text);
    },
  };
  return keyboard;
}
