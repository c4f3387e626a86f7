import type { Entry } from './command-entry.js';

/** Evidence, approvals, channels. */
export const GOVERNANCE_COMMANDS: readonly Entry[] = [
  {
    usage: 'org',
    summary: 'Make projects of scopes, in which roles decide',
    entries: [
      {
        usage: 'create <project>',
        summary: 'Make a project of a scope; you become its admin and its editor',
        load: () => import('../commands/org-create.js'),
      },
      {
        usage: 'list',
        aliases: ['ls'],
        summary: 'List your projects',
        load: () => import('../commands/org-list.js'),
      },
      {
        usage: 'show <project>',
        summary: 'Show a project, and what you are in it',
        load: () => import('../commands/org-show.js'),
      },
      {
        usage: 'archive <project>',
        summary: 'Archive a project: nothing new is written in it',
        load: () => import('../commands/org-archive.js'),
      },
      {
        usage: 'unarchive <project>',
        summary: 'Take a project out of the archive',
        load: () => import('../commands/org-unarchive.js'),
      },
    ],
  },
  {
    usage: 'team',
    summary: 'Manage the teams of a project',
    entries: [
      {
        usage: 'create <team>',
        summary: 'Make a team',
        load: () => import('../commands/team-create.js'),
      },
      {
        usage: 'list <target>',
        aliases: ['ls'],
        summary: 'List the teams of a project, or who is in one',
        load: () => import('../commands/team-list.js'),
      },
      {
        usage: 'add <team> <user>',
        summary: 'Add a user to a team',
        load: () => import('../commands/team-add.js'),
      },
      {
        usage: 'remove <team> <user>',
        aliases: ['rm'],
        summary: 'Take a user out of a team',
        load: () => import('../commands/team-remove.js'),
      },
      {
        usage: 'delete <team>',
        aliases: ['destroy'],
        summary: 'Take a team away, with its roles',
        load: () => import('../commands/team-delete.js'),
      },
    ],
  },
  {
    usage: 'member',
    summary: 'Manage the members of a project',
    entries: [
      {
        usage: 'list <project>',
        aliases: ['ls'],
        summary: 'List who has which role, and by which team',
        load: () => import('../commands/member-list.js'),
      },
      {
        usage: 'add <project> <user>',
        summary: 'Give a user roles in a project',
        load: () => import('../commands/member-add.js'),
      },
      {
        usage: 'remove <project> <user>',
        aliases: ['rm'],
        summary: 'Take all that a user has in a project',
        load: () => import('../commands/member-remove.js'),
      },
    ],
  },
  {
    usage: 'access',
    summary: 'Manage roles of users and teams, in projects and in single packages',
    entries: [
      {
        usage: 'list <project>',
        aliases: ['ls'],
        summary: 'List the roles that were given',
        load: () => import('../commands/access-list.js'),
      },
      {
        usage: 'grant <project> <subject>',
        summary: 'Give roles to a user or a team',
        load: () => import('../commands/access-grant.js'),
      },
      {
        usage: 'revoke <project> <subject>',
        summary: 'Take roles back',
        load: () => import('../commands/access-revoke.js'),
      },
      {
        usage: 'trust',
        summary: 'Let continuous integration publish without a secret',
        entries: [
          {
            usage: 'add <place>',
            summary: 'Let a workflow publish a package, or all packages of a project',
            load: () => import('../commands/access-trust-add.js'),
          },
          {
            usage: 'list <place>',
            aliases: ['ls'],
            summary: 'List the workflows that may publish',
            load: () => import('../commands/access-trust-list.js'),
          },
          {
            usage: 'remove <place> <id>',
            aliases: ['rm', 'delete'],
            summary: 'Let a workflow publish no longer',
            load: () => import('../commands/access-trust-remove.js'),
          },
        ],
      },
    ],
  },
  {
    usage: 'feat',
    summary: 'Keep evidence for the principles of fairness, ethics, accountability and transparency',
    entries: [
      {
        usage: 'init [target]',
        summary: 'Begin the feat block of a package',
        load: () => import('../commands/feat-init.js'),
      },
      {
        usage: 'check [target]',
        summary: 'Say what the tier of a package asks for and its feat block does not have',
        load: () => import('../commands/feat-check.js'),
      },
      {
        usage: 'report [target]',
        summary: 'Print what supports evidence for FEAT in a version, principle by principle',
        load: () => import('../commands/feat-report.js'),
      },
    ],
  },
  {
    usage: 'approvals',
    aliases: ['approval'],
    summary: 'Look at what waits for approval, and decide',
    entries: [
      {
        usage: 'list',
        aliases: ['ls'],
        summary: 'List the requests that you review or wrote',
        load: () => import('../commands/approvals-list.js'),
      },
      {
        usage: 'show <id>',
        summary: 'Show a request: what changed, what is open, what was decided',
        load: () => import('../commands/approvals-show.js'),
      },
      {
        usage: 'approve <id>',
        summary: 'Approve what a request is about',
        load: () => import('../commands/approvals-approve.js'),
      },
      {
        usage: 'decline <id>',
        summary: 'Decline it: the version is not published',
        load: () => import('../commands/approvals-decline.js'),
      },
      {
        usage: 'withdraw <id>',
        summary: 'Take a request of your own back',
        load: () => import('../commands/approvals-withdraw.js'),
      },
      {
        usage: 'delegate <project> <user>',
        summary: 'Let a member decide in your name for a while',
        load: () => import('../commands/approvals-delegate.js'),
      },
      {
        usage: 'delegations <project>',
        summary: 'List who decides in whose name',
        load: () => import('../commands/approvals-delegations.js'),
      },
      {
        usage: 'undelegate <project> <id>',
        summary: 'End a delegation of your own',
        load: () => import('../commands/approvals-undelegate.js'),
      },
      {
        usage: 'tier <id> <tier>',
        summary: 'Raise the tier of a request; for approvers of risk, with evidence, lower it',
        load: () => import('../commands/approvals-tier.js'),
      },
    ],
  },
  {
    usage: 'promote <package>',
    summary: 'Point a channel at an approved version, now or later',
    load: () => import('../commands/promote.js'),
  },
  {
    usage: 'rollback [package]',
    summary: 'Point a channel back at a version that it pointed at before',
    load: () => import('../commands/rollback.js'),
  },
  {
    usage: 'revoke <package>',
    summary: 'Have a version refused everywhere from now on',
    load: () => import('../commands/revoke.js'),
  },
  {
    usage: 'policy',
    summary: 'See and set by which rules a project approves',
    entries: [
      {
        usage: 'get <project>',
        summary: 'Print the policy of a project',
        load: () => import('../commands/policy-get.js'),
      },
      {
        usage: 'set <project> [file]',
        summary: 'Set the next version of the policy',
        load: () => import('../commands/policy-set.js'),
      },
      {
        usage: 'confirm <project>',
        summary: 'Set the policy that another admin proposed',
        load: () => import('../commands/policy-confirm.js'),
      },
    ],
  },
  {
    usage: 'channel',
    summary: 'Try a version on a share of those who read a channel',
    entries: [
      {
        usage: 'show <package> <tag>',
        summary: 'Show where a channel points, how it is split, and how it was',
        load: () => import('../commands/channel-show.js'),
      },
      {
        usage: 'split <package> <tag>',
        summary: 'Give a share of the readers another version',
        load: () => import('../commands/channel-split.js'),
      },
      {
        usage: 'unsplit <package> <tag>',
        summary: 'Give everybody what the channel points at',
        load: () => import('../commands/channel-unsplit.js'),
      },
      {
        usage: 'scheduled [package]',
        summary: 'List the promotions that are to come, and what came of others',
        load: () => import('../commands/channel-scheduled.js'),
      },
      {
        usage: 'unschedule <package> <id>',
        summary: 'Call a promotion off',
        load: () => import('../commands/channel-unschedule.js'),
      },
      {
        usage: 'feedback [package]',
        summary: 'Show what applications reported of each version',
        load: () => import('../commands/channel-feedback.js'),
      },
    ],
  },
];
