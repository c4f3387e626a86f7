import { spawn } from 'node:child_process';

/** Programs that open an address in the user's browser, by what `process.platform` says. */
const OPENERS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};
const OTHERWISE: readonly [string, ...string[]] = ['xdg-open'];

export interface OpenerOptions {
  readonly platform: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Opens an address in the user's browser. The program gets the address as one argument: no shell reads it.
 * @returns false when the address is none of the web, or there is nothing to open it with, as through SSH
 */
export async function openUrl(url: string, { platform, env }: OpenerOptions): Promise<boolean> {
  if (!URL.canParse(url)) return false;
  const { protocol, href } = new URL(url);
  if (protocol !== 'http:' && protocol !== 'https:') return false;
  const isRemote = Boolean(env['SSH_CONNECTION'] || env['SSH_TTY']);
  const isDesktop = platform in OPENERS || Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY']);
  const browser = env['BROWSER'];
  if (!browser && (isRemote || !isDesktop)) return false;
  const [program, ...words] = browser ? [browser] : (OPENERS[platform] ?? OTHERWISE);
  return new Promise(resolve => {
    const child = spawn(program, [...words, href], { stdio: 'ignore', detached: true, shell: false });
    child.once('error', () => resolve(false));
    child.once('spawn', () => {
      child.unref();
      resolve(true);
    });
  });
}
