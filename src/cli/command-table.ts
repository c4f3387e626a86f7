import type { Entry } from './command-entry.js';

/** Every command, in the order of the help. */
export const COMMANDS: readonly Entry[] = [
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
    usage: 'search [text..]',
    aliases: ['find', 's', 'se'],
    summary: 'Look for packages',
    load: () => import('../commands/search.js'),
  },
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
  {
    usage: 'login',
    summary: 'Keep a token for the registry',
    load: () => import('../commands/login.js'),
  },
  {
    usage: 'logout',
    summary: 'Forget the token for the registry',
    load: () => import('../commands/logout.js'),
  },
  {
    usage: 'token',
    summary: 'Manage the tokens of the registry',
    entries: [
      {
        usage: 'list',
        aliases: ['ls'],
        summary: 'List the tokens: your own, or for administrators of a prompd registry all',
        load: () => import('../commands/token-list.js'),
      },
      {
        usage: 'create',
        summary: 'Make a token and print it once',
        load: () => import('../commands/token-create.js'),
      },
      {
        usage: 'revoke <id>',
        aliases: ['rm', 'remove', 'delete'],
        summary: 'Make a token worthless, at once and for good',
        load: () => import('../commands/token-revoke.js'),
      },
    ],
  },
  {
    usage: 'whoami',
    summary: 'Show whom the registry takes you for',
    load: () => import('../commands/whoami.js'),
  },
  {
    usage: 'config',
    summary: 'Look at the configuration and change it',
    entries: [
      {
        usage: 'list',
        aliases: ['ls'],
        summary: 'List every setting, with where it comes from',
        load: () => import('../commands/config-list.js'),
      },
      {
        usage: 'get <key>',
        summary: 'Print one setting; exit 1 when it is not set',
        load: () => import('../commands/config-get.js'),
      },
      {
        usage: 'set <key> <value>',
        summary: 'Write a setting into a configuration file',
        load: () => import('../commands/config-set.js'),
      },
      {
        usage: 'delete <key>',
        aliases: ['rm', 'unset'],
        summary: 'Take a setting out of a configuration file',
        load: () => import('../commands/config-delete.js'),
      },
    ],
  },
  {
    usage: 'completion [shell]',
    summary: 'Print the script that completes words in a shell',
    load: () => import('../commands/completion.js'),
  },
  {
    usage: 'doctor',
    summary: 'Look at everything that prompd needs; exit 1 when something is amiss',
    load: () => import('../commands/doctor.js'),
  },
  {
    usage: 'registry',
    summary: 'Run a registry of your own',
    entries: [
      {
        usage: 'start',
        summary: 'Start the bundled registry; it runs until it is interrupted',
        load: () => import('../commands/registry-start.js'),
      },
      {
        usage: 'export <dir> [packages..]',
        summary: 'Write packages into a folder that is itself a registry, signed, for air gaps and web hosts',
        load: () => import('../commands/registry-export.js'),
      },
      {
        usage: 'token',
        summary: 'Manage the tokens of a registry',
        entries: [
          {
            usage: 'create',
            summary: 'Make a token and print it once',
            load: () => import('../commands/registry-token-create.js'),
          },
        ],
      },
      {
        usage: 'keys',
        summary: 'Manage the keys that a registry signs with',
        entries: [
          {
            usage: 'list',
            aliases: ['ls'],
            summary: 'List all keys, oldest first',
            load: () => import('../commands/registry-keys-list.js'),
          },
          {
            usage: 'rotate',
            summary: 'Make a new key to sign with, and let the others expire',
            load: () => import('../commands/registry-keys-rotate.js'),
          },
          {
            usage: 'expire <keyid>',
            summary: 'End a key; what it signed since is signed anew',
            load: () => import('../commands/registry-keys-expire.js'),
          },
        ],
      },
    ],
  },
  {
    usage: 'debug',
    summary: 'Look into prompd itself',
    entries: [
      {
        usage: 'resolve <universe>',
        summary: 'Resolve the packages of a JSON file and print what is chosen, or why nothing can be',
        load: () => import('../commands/debug-resolve.js'),
      },
    ],
  },
];
