import { readFile } from 'node:fs/promises';

/** The shells that prompd can complete for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

export interface CompletionScript {
  readonly shell: Shell;
  readonly script: string;
}

/** The script for a shell. It asks prompd for the words, so that it need not be made anew with each version. */
export async function completionScript(shell: Shell): Promise<CompletionScript> {
  const file = new URL(`../../../completions/prompd.${shell}`, import.meta.url);
  return { shell, script: await readFile(file, 'utf8') };
}

/** What to run once, by shell. */
export const INSTALLATION: Readonly<Record<Shell, string>> = {
  bash: "echo 'source <(prompd completion bash)' >> ~/.bashrc",
  zsh: "echo 'source <(prompd completion zsh)' >> ~/.zshrc",
  fish: 'prompd completion fish > ~/.config/fish/completions/prompd.fish',
};
