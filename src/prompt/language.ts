/** Languages of code fences by file extension, where the two differ. */
const LANGUAGES: Readonly<Record<string, string>> = {
  bash: 'bash',
  cjs: 'javascript',
  cs: 'csharp',
  h: 'c',
  hpp: 'cpp',
  htm: 'html',
  js: 'javascript',
  jsx: 'jsx',
  kt: 'kotlin',
  md: 'markdown',
  mjs: 'javascript',
  mts: 'typescript',
  prmd: 'markdown',
  prompd: 'markdown',
  ps1: 'powershell',
  py: 'python',
  rb: 'ruby',
  rs: 'rust',
  sh: 'bash',
  tf: 'terraform',
  ts: 'typescript',
  txt: 'text',
  yml: 'yaml',
};

/** The language that a fenced block of a file is named after. */
export function languageOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (/^(?:Dockerfile|Makefile)$/.test(name)) return name.toLowerCase();
  const extension = /\.([A-Za-z0-9]{1,20})$/.exec(name)?.[1]?.toLowerCase();
  if (extension === undefined) return 'text';
  return Object.hasOwn(LANGUAGES, extension) ? (LANGUAGES[extension] ?? extension) : extension;
}

/** A text as a fenced block, with a fence longer than any run of backticks in it. */
export function fencedBlock(text: string, language: string): string {
  const longest = (text.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 2);
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text === '' || text.endsWith('\n') ? text : `${text}\n`}${fence}`;
}
