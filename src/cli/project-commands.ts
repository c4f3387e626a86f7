import type { Entry } from './command-entry.js';

/** What a project depends on, and what lies in its store. */
export const PROJECT_COMMANDS: readonly Entry[] = [
  {
    usage: 'init [dir]',
    summary: 'Start a package of prompts',
    load: () => import('../commands/init.js'),
  },
  {
    usage: 'install [specs..]',
    aliases: ['i', 'add'],
    summary: 'Install what prompd.json asks for, or add packages to it',
    load: () => import('../commands/install.js'),
  },
  {
    usage: 'ci',
    aliases: ['clean-install', 'ic'],
    summary: 'Install exactly what the lockfile says',
    load: () => import('../commands/ci.js'),
  },
  {
    usage: 'lock',
    summary: 'Write the lockfile and install nothing',
    load: () => import('../commands/lock.js'),
    entries: [
      {
        usage: 'merge-driver [base] [ours] [theirs] [file]',
        summary: 'Merge lockfiles for git',
        load: () => import('../commands/lock-merge-driver.js'),
      },
    ],
  },
  {
    usage: 'uninstall <names..>',
    aliases: ['rm', 'remove', 'r', 'un'],
    summary: 'Take packages out of prompd.json',
    load: () => import('../commands/uninstall.js'),
  },
  {
    usage: 'update [names..]',
    aliases: ['up', 'upgrade'],
    summary: 'Move packages to newer versions, and tell which prompts changed',
    load: () => import('../commands/update.js'),
  },
  {
    usage: 'outdated [names..]',
    summary: 'Tell what there are newer versions of; exit 1 when there are',
    load: () => import('../commands/outdated.js'),
  },
  {
    usage: 'dedupe',
    aliases: ['ddp'],
    summary: 'Get along with fewer versions of the same packages',
    load: () => import('../commands/dedupe.js'),
  },
  {
    usage: 'prune',
    summary: 'Drop packages that nothing needs any more',
    load: () => import('../commands/prune.js'),
  },
  {
    usage: 'list',
    aliases: ['ls', 'll', 'la'],
    summary: 'List what the project depends on, or all that is installed',
    load: () => import('../commands/list.js'),
  },
  {
    usage: 'tree',
    summary: 'Show the tree of dependencies',
    load: () => import('../commands/tree.js'),
  },
  {
    usage: 'vendor',
    summary: 'Copy the locked packages into the project, for containers and air gaps',
    load: () => import('../commands/vendor.js'),
  },
  {
    usage: 'link [target]',
    aliases: ['ln'],
    summary: 'Use a folder in place of an installed package, on this machine only',
    load: () => import('../commands/link.js'),
  },
  {
    usage: 'unlink [names..]',
    summary: 'Undo links',
    load: () => import('../commands/unlink.js'),
  },
  {
    usage: 'verify',
    summary: 'Hold every installed file against the integrity of its package',
    load: () => import('../commands/verify.js'),
  },
  {
    usage: 'cache',
    summary: 'Look after the cache of archives',
    entries: [
      {
        usage: 'ls',
        aliases: ['list'],
        summary: 'List what is cached',
        load: () => import('../commands/cache-ls.js'),
      },
      {
        usage: 'clean [packages..]',
        aliases: ['rm'],
        summary: 'Remove archives, and say how much that freed',
        load: () => import('../commands/cache-clean.js'),
      },
      {
        usage: 'verify',
        summary: 'Hash every archive again and remove the damaged ones; exit 7 when there were some',
        load: () => import('../commands/cache-verify.js'),
      },
    ],
  },
  {
    usage: 'audit',
    summary: 'Look for dangerous content and known problems in what is installed and in your prompts',
    load: () => import('../commands/audit.js'),
    entries: [
      {
        usage: 'signatures',
        summary: 'Verify the signatures of what is locked; exit 7 when one is missing or wrong',
        load: () => import('../commands/audit-signatures.js'),
      },
      {
        usage: 'log',
        summary:
          'Hold what is locked against the transparency logs of its registries; exit 7 when something is missing',
        load: () => import('../commands/audit-log.js'),
      },
    ],
  },
  {
    usage: 'why <package>',
    aliases: ['explain'],
    summary: 'Show what asks for a package',
    load: () => import('../commands/why.js'),
  },
  {
    usage: 'info <package>',
    aliases: ['view', 'v'],
    summary: 'Show what a registry knows of a package',
    load: () => import('../commands/info.js'),
  },
  {
    usage: 'impact [package]',
    summary: 'Show whom taking a version away, or adding it, would hit',
    load: () => import('../commands/impact.js'),
  },
  {
    usage: 'search [text..]',
    aliases: ['find', 's', 'se'],
    summary: 'Look for packages',
    load: () => import('../commands/search.js'),
  },
  {
    usage: 'browse [terms..]',
    summary: 'Look around in the registry, on the whole screen; without a terminal as search does',
    load: () => import('../commands/browse.js'),
  },
];
