import type { Entry } from './command-entry.js';

/** Accounts, settings and the machine. */
export const SETTINGS_COMMANDS: readonly Entry[] = [
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
    usage: 'user',
    summary: 'Manage the users of a registry that you administer',
    entries: [
      {
        usage: 'list [text]',
        aliases: ['ls'],
        summary: 'List the users of the registry, for its administrators',
        load: () => import('../commands/user-list.js'),
      },
      {
        usage: 'show <user>',
        summary: 'Show a user, and where they are signed in',
        load: () => import('../commands/user-show.js'),
      },
      {
        usage: 'create <user>',
        aliases: ['add'],
        summary: 'Make a user',
        load: () => import('../commands/user-create.js'),
      },
      {
        usage: 'disable <user>',
        summary: 'Shut a user out: their tokens and sessions work no more',
        load: () => import('../commands/user-disable.js'),
      },
      {
        usage: 'enable <user>',
        summary: 'Let a user in again',
        load: () => import('../commands/user-enable.js'),
      },
      {
        usage: 'password <user>',
        summary: 'Set a new password of a user, which ends their sessions',
        load: () => import('../commands/user-password.js'),
      },
      {
        usage: 'admin <user>',
        summary: 'Let a user administer the registry, or no longer',
        load: () => import('../commands/user-admin.js'),
      },
      {
        usage: 'sign-out <user>',
        summary: 'End all that a user is signed in with; their tokens stay',
        load: () => import('../commands/user-sign-out.js'),
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
        usage: 'migrate',
        summary: 'Bring the tables of a registry up to date, and let the user of its server work with them',
        load: () => import('../commands/registry-migrate.js'),
      },
      {
        usage: 'audit',
        summary: 'Read and verify who did what at a registry',
        entries: [
          {
            usage: 'list [project]',
            aliases: ['ls'],
            summary: 'List who did what, oldest first',
            load: () => import('../commands/registry-audit-list.js'),
          },
          {
            usage: 'export <file> [project]',
            summary: 'Write an audit to a file, and verify it',
            load: () => import('../commands/registry-audit-export.js'),
          },
          {
            usage: 'verify <file>',
            summary: 'Verify an export without the registry',
            load: () => import('../commands/registry-audit-verify.js'),
          },
          {
            usage: 'checkpoint [project]',
            summary: 'Have the registry sign how long an audit is, to be kept elsewhere',
            load: () => import('../commands/registry-audit-checkpoint.js'),
          },
          {
            usage: 'archive <file> [project]',
            summary: 'Move old rows to a file; the chain verifies from there on',
            load: () => import('../commands/registry-audit-archive.js'),
          },
        ],
      },
      {
        usage: 'backup <file>',
        summary: 'Save everything of a registry in one file: rows, archives and keys as they stand together',
        load: () => import('../commands/registry-backup.js'),
      },
      {
        usage: 'restore <file>',
        summary: 'Bring a backup back into a registry that has nothing yet',
        load: () => import('../commands/registry-restore.js'),
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
