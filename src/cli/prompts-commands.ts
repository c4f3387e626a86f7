import type { Entry } from './command-entry.js';

/** Prompts and packages of one's own: checked, filled in, converted, sent to models. */
export const PROMPT_COMMANDS: readonly Entry[] = [
  {
    usage: 'validate [targets..]',
    summary: 'Check prompts and packages, and report every problem at once',
    load: () => import('../commands/validate.js'),
  },
  {
    usage: 'render <prompt>',
    summary: 'Fill in a prompt and print its messages',
    load: () => import('../commands/render.js'),
  },
  {
    usage: 'show <prompt>',
    summary: 'Show what a prompt asks for and is made of',
    load: () => import('../commands/show.js'),
  },
  {
    usage: 'diff [before] [after]',
    summary: 'Show what two versions of a package differ in, for callers first',
    load: () => import('../commands/diff.js'),
  },
  {
    usage: 'version [step]',
    summary: 'Show the versions in force, or step on to the next one of the package',
    load: () => import('../commands/version.js'),
  },
  {
    usage: 'import <paths..>',
    summary: 'Make a package of prompts in other formats',
    load: () => import('../commands/import.js'),
  },
  {
    usage: 'export <prompt>',
    summary: 'Write prompts in another format',
    load: () => import('../commands/export.js'),
  },
  {
    usage: 'execute <prompt>',
    summary: 'Send a prompt to a model and print the answer',
    load: () => import('../commands/execute.js'),
  },
  {
    usage: 'test [target]',
    summary: "Run a package's tests against its models",
    load: () => import('../commands/test.js'),
  },
  {
    usage: 'serve',
    summary: 'Deliver prompts to programs on this machine, in any language',
    load: () => import('../commands/serve.js'),
  },
  {
    usage: 'mcp [prompts..]',
    summary: 'Offer prompts to programs that speak the Model Context Protocol',
    load: () => import('../commands/mcp.js'),
  },
  {
    usage: 'lsp',
    summary: 'Answer editors that speak the Language Server Protocol',
    load: () => import('../commands/lsp.js'),
  },
  {
    usage: 'bootstrap <file> <prompts..>',
    summary: 'Write prompts into a file that an application starts with when the registry is away',
    load: () => import('../commands/bootstrap.js'),
  },
  {
    usage: 'compatibility <package>',
    summary: 'Show which prompts of a package work with which models, by evidence',
    load: () => import('../commands/compatibility.js'),
    entries: [
      {
        usage: 'run <package>',
        summary: 'Have the registry run the tests of a version against models',
        load: () => import('../commands/compatibility-run.js'),
      },
      {
        usage: 'runs <package>',
        summary: 'List the runs of a version',
        load: () => import('../commands/compatibility-runs.js'),
      },
      {
        usage: 'show <id>',
        summary: 'Show how far a run is, and what it found',
        load: () => import('../commands/compatibility-show.js'),
      },
      {
        usage: 'cancel <id>',
        summary: 'Stop a run, or keep it from starting',
        load: () => import('../commands/compatibility-cancel.js'),
      },
    ],
  },
  {
    usage: 'provider',
    summary: 'Manage who is asked: model providers, their addresses and keys',
    entries: [
      {
        usage: 'list',
        summary: 'List the providers, and where their keys are',
        load: () => import('../commands/provider-list.js'),
      },
      {
        usage: 'add <name>',
        summary: 'Define a provider, change it, or keep its API key',
        load: () => import('../commands/provider-add.js'),
      },
      {
        usage: 'show <name>',
        summary: 'Show a provider, and where its key is',
        load: () => import('../commands/provider-show.js'),
      },
      {
        usage: 'remove <name>',
        summary: 'Remove a provider, and forget its key',
        load: () => import('../commands/provider-remove.js'),
      },
    ],
  },
];
