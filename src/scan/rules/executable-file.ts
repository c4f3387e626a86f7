import type { AnyFile, FileRule, Match } from '../rule.js';

/** The first bytes of what a system would run or unpack. */
const MAGIC: readonly (readonly [string, readonly number[]])[] = [
  ['an ELF program', [0x7f, 0x45, 0x4c, 0x46]],
  ['a Windows program', [0x4d, 0x5a]],
  ['a Mach-O program', [0xcf, 0xfa, 0xed, 0xfe]],
  ['a Mach-O program', [0xce, 0xfa, 0xed, 0xfe]],
  ['Java bytecode or a universal Mach-O program', [0xca, 0xfe, 0xba, 0xbe]],
  ['WebAssembly', [0x00, 0x61, 0x73, 0x6d]],
  ['a ZIP archive', [0x50, 0x4b, 0x03, 0x04]],
  ['a gzip archive', [0x1f, 0x8b]],
  ['a 7-Zip archive', [0x37, 0x7a, 0xbc, 0xaf]],
  ['a script', [0x23, 0x21]],
];

/** Pictures that README files show. */
const PICTURES: readonly (readonly number[])[] = [
  [0x89, 0x50, 0x4e, 0x47],
  [0xff, 0xd8, 0xff],
  [0x47, 0x49, 0x46, 0x38],
  [0x52, 0x49, 0x46, 0x46],
];

const RUNS_ON_CLICK =
  /\.(?:exe|dll|com|scr|msi|bat|cmd|ps1|vbs|wsf|jar|so|dylib|node|wasm|sh|bash|command|app|apk)$/i;

/** A program, a script or a binary in a package whose content is never run. */
export const executableFile: FileRule = {
  id: 'executable-file',
  title: 'A program or a binary file',
  help: 'Packages of prompts are text that people can review. prompd never runs what is in a package, but others may: leave programs, archives and binaries out. A prompt that is not text is refused.',
  levels: ['low', 'moderate', 'critical'],
  *checkFile(file: AnyFile): Generator<Match> {
    const magic = MAGIC.find(
      ([, bytes]) => startsWith(file.bytes, bytes) && !(file.text !== undefined && bytes[0] === 0x4d),
    );
    const what = magic?.[0] ?? (RUNS_ON_CLICK.test(file.path) ? 'a program by its name' : undefined);
    if (what) {
      yield {
        level: 'moderate',
        message: `The file is ${what}. prompd never runs what is in a package.`,
        hint: 'Leave it out with .prompdignore or "files".',
      };
    } else if (isBinary(file) && !PICTURES.some(bytes => startsWith(file.bytes, bytes))) {
      yield {
        level: file.isPrompt ? 'critical' : 'low',
        message: 'The file is not UTF-8 text: nobody can review what it holds.',
        hint: file.isPrompt ? 'Save it as UTF-8.' : 'Save it as UTF-8, or leave it out with .prompdignore.',
      };
    }
  },
};

function startsWith(bytes: Uint8Array, prefix: readonly number[]): boolean {
  return prefix.every((byte, index) => bytes[index] === byte);
}

function isBinary({ bytes, text }: AnyFile): boolean {
  if (text !== undefined) return false;
  if (bytes.includes(0)) return true;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return false;
  } catch {
    return true;
  }
}
