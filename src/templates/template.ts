import type { PrompdJson } from '../core/manifest-type.js';

/** What `prompd init` knows about the package that is to be. */
interface TemplateOptions {
  /** A valid package name. */
  readonly name: string;
  readonly description?: string | undefined;
  readonly author?: string | undefined;
  /** An SPDX expression. Default: UNLICENSED, so that nothing is given away by accident. */
  readonly license?: string | undefined;
  /** Of the package and of its first prompt. Default: {@link FIRST_VERSION}. */
  readonly version?: string | undefined;
  /** Id of the one prompt. Default: the template's. */
  readonly prompt?: string | undefined;
}

/** Of a package that has never been published. */
export const FIRST_VERSION = '0.1.0';
/** All rights reserved. */
export const NO_LICENSE = 'UNLICENSED';

/** A start for a package of one common kind. */
export interface Template {
  /** What follows `--template`. */
  readonly kind: string;
  /** One line for a list of choices. */
  readonly summary: string;
  /** Id of its one prompt, where none is asked for. */
  readonly prompt: string;
  /** Path inside the new package, with forward slashes, to its text. Pure: the same options give the same files. */
  files(options: TemplateOptions): ReadonlyMap<string, string>;
}

/** What distinguishes one template from another. */
interface TemplateParts {
  readonly kind: string;
  readonly summary: string;
  /** Used when the user gives no description. */
  readonly description: string;
  readonly category: string;
  readonly keywords: readonly string[];
  /** Id of the one prompt; its file is `prompts/<id>.prompd`. */
  readonly prompt: string;
  /** Text of the prompt file, with `name` and `version` in lines of their own. */
  readonly source: string;
  readonly tests: NonNullable<PrompdJson['tests']>;
  /** The arguments after `prompd render prompts/<id>.prompd` in the README. */
  readonly usage: string;
  /** What to change first, as Markdown. */
  readonly advice: string;
}

/** Makes a template out of its parts: manifest, prompt, README and ignore file. */
export function defineTemplate(parts: TemplateParts): Template {
  return {
    kind: parts.kind,
    summary: parts.summary,
    prompt: parts.prompt,
    files: options => {
      const named = withPrompt(parts, options.prompt || parts.prompt);
      return new Map([
        ['.prompdignore', IGNORE],
        ['README.md', readme(named, options)],
        ['prompd.json', `${JSON.stringify(manifest(named, options), undefined, 2)}\n`],
        [promptPath(named), source(named, options)],
      ]);
    },
  };
}

/** The parts with another id for the one prompt. */
function withPrompt(parts: TemplateParts, prompt: string): TemplateParts {
  return { ...parts, prompt, tests: parts.tests.map(test => ({ ...test, prompt })) };
}

function source(parts: TemplateParts, options: TemplateOptions): string {
  return parts.source
    .replace(/^name: .*$/m, `name: ${parts.prompt}`)
    .replace(/^version: .*$/m, `version: ${options.version || FIRST_VERSION}`);
}

function manifest(parts: TemplateParts, options: TemplateOptions): PrompdJson {
  return {
    $schema: 'https://prompd.dev/prompd.schema.json',
    name: options.name,
    version: options.version || FIRST_VERSION,
    description: options.description || parts.description,
    ...(options.author ? { author: options.author } : {}),
    license: options.license || NO_LICENSE,
    keywords: [...parts.keywords],
    category: parts.category,
    main: parts.prompt,
    prompts: { [parts.prompt]: promptPath(parts) },
    engines: { prompd: '>=0.1.0' },
    tests: parts.tests,
  };
}

function readme(parts: TemplateParts, options: TemplateOptions): string {
  const path = promptPath(parts);
  return `# ${options.name}

${options.description || parts.description}

\`\`\`sh
prompd validate .
prompd render ${path} ${parts.usage}
\`\`\`

Once it is published:

\`\`\`sh
prompd install ${options.name}
prompd render ${options.name}:${parts.prompt} ${parts.usage}
\`\`\`

## Make it yours

${parts.advice}
`;
}

function promptPath(parts: TemplateParts): string {
  return `prompts/${parts.prompt}.prompd`;
}

const IGNORE = `# What stays out of the published package, in the syntax of .gitignore.
drafts/
results/
*.local.*
.vscode/
.idea/
`;
