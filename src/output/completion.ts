/** What to run to have words completed in each shell. */
export function installationText(installation: Readonly<Record<string, string>>): string {
  const lines = Object.entries(installation).map(([shell, line]) => `  ${shell.padEnd(4)}  ${line}`);
  return `To have commands, flags, packages and prompts completed, run once:\n\n${lines.join('\n')}\n\nIn .zshrc the line belongs behind the one with compinit. Then open a new shell.\n`;
}
