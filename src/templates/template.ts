import type { PrompdJson } from '../core/manifest-type.js';

/** What `prompd init` knows about the package that is to be. */
interface TemplateOptions {
  /** A valid package name. */
  readonly name: string;
  readonly description?: string | undefined;
  readonly author?: string | undefined;
  /** An SPDX expression. Default: UNLICENSED, so that nothing is given away by accident. */
  readonly license?: string | undefined;
}

/** A start for a package of one common kind. */
export interface Template {
  /** What follows `--template`. */
  readonly kind: string;
  /** One line for a list of choices. */
  readonly summary: string;
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
  /** Text of the prompt file. */
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
    files: options =>
      new Map([
        ['.prompdignore', IGNORE],
        ['README.md', readme(parts, options)],
        ['prompd.json', `${JSON.stringify(manifest(parts, options), undefined, 2)}\n`],
        [promptPath(parts), parts.source],
      ]),
  };
}

function manifest(parts: TemplateParts, options: TemplateOptions): PrompdJson {
  return {
    $schema: 'https://prompd.dev/prompd.schema.json',
    name: options.name,
    version: '0.1.0',
    description: options.description || parts.description,
    ...(options.author ? { author: options.author } : {}),
    license: options.license || 'UNLICENSED',
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
