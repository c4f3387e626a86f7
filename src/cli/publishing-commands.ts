import type { Entry } from './command-entry.js';

/** What is published, by whom, and what is said of it afterwards. */
export const PUBLISHING_COMMANDS: readonly Entry[] = [
  {
    usage: 'pack [target]',
    summary: 'Make the archive of a package',
    load: () => import('../commands/pack.js'),
  },
  {
    usage: 'publish [target]',
    summary: 'Publish a package to the registry',
    load: () => import('../commands/publish.js'),
  },
  {
    usage: 'key',
    summary: 'Manage the keys that authors sign with, and whose are trusted',
    entries: [
      {
        usage: 'create [name]',
        summary: 'Make a key to sign packages with, in the credential store',
        load: () => import('../commands/key-create.js'),
      },
      {
        usage: 'list',
        aliases: ['ls'],
        summary: 'List your own keys and those that are trusted',
        load: () => import('../commands/key-list.js'),
      },
      {
        usage: 'export [name]',
        summary: 'Print a public key, for others to trust',
        load: () => import('../commands/key-export.js'),
      },
      {
        usage: 'remove <name>',
        aliases: ['rm'],
        summary: 'Forget a key of your own',
        load: () => import('../commands/key-remove.js'),
      },
      {
        usage: 'trust <scope> <key>',
        summary: 'Trust an author for the packages of a scope',
        load: () => import('../commands/key-trust.js'),
      },
      {
        usage: 'untrust <scope> <keyid>',
        summary: 'Trust an author no longer',
        load: () => import('../commands/key-untrust.js'),
      },
      {
        usage: 'accept <spec>',
        summary: 'Take one version although no trusted author signed it',
        load: () => import('../commands/key-accept.js'),
      },
    ],
  },
  {
    usage: 'dist-tag',
    aliases: ['dist-tags'],
    summary: 'Name versions of a published package',
    entries: [
      {
        usage: 'ls [package]',
        aliases: ['list'],
        summary: 'List the tags of a package',
        load: () => import('../commands/dist-tag-ls.js'),
      },
      {
        usage: 'add <package> [tag]',
        aliases: ['set'],
        summary: 'Point a tag at a version',
        load: () => import('../commands/dist-tag-add.js'),
      },
      {
        usage: 'rm <package> <tag>',
        aliases: ['remove'],
        summary: 'Take a tag away',
        load: () => import('../commands/dist-tag-rm.js'),
      },
    ],
  },
  {
    usage: 'deprecate <package> <message>',
    summary: 'Warn everybody who installs some versions of a package',
    load: () => import('../commands/deprecate.js'),
  },
  {
    usage: 'undeprecate <package>',
    summary: 'Take a deprecation back',
    load: () => import('../commands/undeprecate.js'),
  },
  {
    usage: 'yank <package>',
    summary: 'Keep new installations from a version',
    load: () => import('../commands/yank.js'),
  },
  {
    usage: 'unpublish [package]',
    summary: 'Take a version away from the registry for good',
    load: () => import('../commands/unpublish.js'),
  },
  {
    usage: 'advisory',
    summary: 'Warn of versions of a package',
    entries: [
      {
        usage: 'publish [package]',
        summary: 'Publish an advisory about a package',
        load: () => import('../commands/advisory-publish.js'),
      },
      {
        usage: 'list [package]',
        aliases: ['ls'],
        summary: 'List advisories, newest first',
        load: () => import('../commands/advisory-list.js'),
      },
      {
        usage: 'show <id>',
        summary: 'Show one advisory',
        load: () => import('../commands/advisory-show.js'),
      },
      {
        usage: 'withdraw <id>',
        summary: 'Take an advisory back; what it said stays readable',
        load: () => import('../commands/advisory-withdraw.js'),
      },
    ],
  },
  {
    usage: 'webhook',
    summary: 'Have the registry tell an address what happens to packages',
    entries: [
      {
        usage: 'add <url>',
        summary: 'Add a webhook and print its secret once',
        load: () => import('../commands/webhook-add.js'),
      },
      {
        usage: 'list',
        aliases: ['ls'],
        summary: 'List your webhooks, or for administrators all',
        load: () => import('../commands/webhook-list.js'),
      },
      {
        usage: 'remove <id>',
        aliases: ['rm', 'delete'],
        summary: 'End a webhook, with what was on its way',
        load: () => import('../commands/webhook-remove.js'),
      },
      {
        usage: 'rotate <id>',
        summary: 'Give a webhook a new secret; the old one counts for a while',
        load: () => import('../commands/webhook-rotate.js'),
      },
      {
        usage: 'disable <id>',
        summary: 'Send a webhook nothing for now',
        load: () => import('../commands/webhook-disable.js'),
      },
      {
        usage: 'enable <id>',
        summary: 'Send a webhook what happens from now on',
        load: () => import('../commands/webhook-enable.js'),
      },
      {
        usage: 'deliveries <id>',
        summary: 'List what a webhook was sent lately',
        load: () => import('../commands/webhook-deliveries.js'),
      },
      {
        usage: 'test <id>',
        summary: 'Send a webhook a test, and show what came of it',
        load: () => import('../commands/webhook-test.js'),
      },
    ],
  },
  {
    usage: 'owner',
    summary: 'Say who may publish and change a package',
    entries: [
      {
        usage: 'ls [package]',
        aliases: ['list'],
        summary: 'List the owners of a package',
        load: () => import('../commands/owner-ls.js'),
      },
      {
        usage: 'add <user> [package]',
        summary: 'Make a user an owner',
        load: () => import('../commands/owner-add.js'),
      },
      {
        usage: 'rm <user> [package]',
        aliases: ['remove'],
        summary: 'Take an owner away',
        load: () => import('../commands/owner-rm.js'),
      },
    ],
  },
];
