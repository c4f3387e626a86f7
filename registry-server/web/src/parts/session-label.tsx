import type { AnswerOf } from '../api/call.js';

type Session = AnswerOf<'listSessions'>['sessions'][number];

/** Those that say that they are another one, too, come first. */
const BROWSERS = [
  ['Edge', /\bEdg(?:A|iOS)?\/(\d+)/],
  ['Opera', /\bOPR\/(\d+)/],
  ['Samsung Internet', /\bSamsungBrowser\/(\d+)/],
  ['Firefox', /\b(?:Firefox|FxiOS)\/(\d+)/],
  ['Chrome', /\b(?:HeadlessChrome|Chrome|CriOS)\/(\d+)/],
  ['Safari', /\bVersion\/(\d+)[\d.]* (?:Mobile\/\w+ )?Safari\//],
] as const;
const SYSTEMS = [
  ['Android', /\bAndroid\b/],
  ['iPhone', /\biPhone\b/],
  ['iPad', /\biPad\b/],
  ['Windows', /\bWindows NT\b/],
  ['macOS', /\bMac OS X\b/],
  ['ChromeOS', /\bCrOS\b/],
  ['Linux', /\bLinux\b/],
] as const;

/** Where a session is: a browser by its name and system, a program by what it says; all that was said is its title. */
export function SessionLabel({ session: { kind, label } }: { session: Pick<Session, 'kind' | 'label'> }) {
  const what = kind === 'browser' ? 'Browser' : 'Program';
  const said = kind === 'browser' ? shortLabel(label) : label;
  return <span title={label}>{said === '' ? what : `${what}: ${said}`}</span>;
}

/** @returns what cannot be made out, as it is */
export function shortLabel(userAgent: string): string {
  const [browser] = BROWSERS.flatMap(([name, pattern]) => {
    const version = pattern.exec(userAgent)?.[1];
    return version === undefined ? [] : [`${name} ${version}`];
  });
  const [system] = SYSTEMS.flatMap(([name, pattern]) => (pattern.test(userAgent) ? [name] : []));
  if (browser === undefined) return userAgent;
  return system === undefined ? browser : `${browser} on ${system}`;
}
