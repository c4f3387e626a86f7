import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { texts } from './page-search.js';
import { root } from './root.js';

/** The way in, and the pages of who is signed in. */
export const signedInPages = [
  createRoute({
    getParentRoute: () => root,
    path: '/sign-in',
    validateSearch: raw => texts(raw, 'return'),
    component: lazyRouteComponent(() => import('./pages/account/sign-in.js'), 'SignIn'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/sign-up',
    validateSearch: raw => texts(raw, 'return'),
    component: lazyRouteComponent(() => import('./pages/account/sign-up.js'), 'SignUp'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/device',
    validateSearch: raw => texts(raw, 'code'),
    component: lazyRouteComponent(() => import('./pages/account/device.js'), 'Device'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/account',
    component: lazyRouteComponent(() => import('./pages/account/account.js'), 'AccountPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/projects',
    component: lazyRouteComponent(() => import('./pages/projects/projects.js'), 'Projects'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/projects/$project',
    component: lazyRouteComponent(() => import('./pages/projects/project.js'), 'ProjectPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/projects/$project/members',
    component: lazyRouteComponent(() => import('./pages/projects/members.js'), 'Members'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/projects/$project/teams',
    component: lazyRouteComponent(() => import('./pages/projects/teams.js'), 'Teams'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/projects/$project/settings',
    component: lazyRouteComponent(() => import('./pages/projects/settings.js'), 'Settings'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/projects/$project/modules/$module',
    component: lazyRouteComponent(() => import('./pages/module/module.js'), 'ModulePage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/projects/$project/modules/$module/history',
    component: lazyRouteComponent(() => import('./pages/module/history.js'), 'History'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/projects/$project/modules/$module/publish',
    component: lazyRouteComponent(() => import('./pages/module/publish.js'), 'Publish'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/projects/$project/modules/$module/evidence',
    component: lazyRouteComponent(() => import('./pages/evidence/evidence-page.js'), 'EvidencePage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/projects/$project/modules/$module/about',
    component: lazyRouteComponent(() => import('./pages/module/about.js'), 'About'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/projects/$project/modules/$module/compatibility',
    component: lazyRouteComponent(
      () => import('./pages/module/module-compatibility.js'),
      'ModuleCompatibility',
    ),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/projects/$project/modules/$module/report',
    validateSearch: raw => texts(raw, 'version'),
    component: lazyRouteComponent(() => import('./pages/evidence/report-page.js'), 'ReportPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/projects/$project/policy',
    component: lazyRouteComponent(() => import('./pages/projects/policy.js'), 'PolicyPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/projects/$project/audit',
    validateSearch: raw => texts(raw, 'actor', 'subject', 'action', 'from', 'to', 'after'),
    component: lazyRouteComponent(() => import('./pages/audit/project-audit.js'), 'ProjectAudit'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/projects/$project/modules/$module/channels',
    component: lazyRouteComponent(() => import('./pages/module/channels.js'), 'Channels'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/projects/$project/modules/$module/prompts/$prompt',
    component: lazyRouteComponent(() => import('./pages/editor/editor-page.js'), 'EditorPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/projects/$project/usage',
    component: lazyRouteComponent(() => import('./pages/usage/project-usage.js'), 'ProjectUsage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/projects/$project/ci',
    component: lazyRouteComponent(() => import('./pages/projects/ci-trust.js'), 'CiTrust'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/projects/$project/delegations',
    component: lazyRouteComponent(() => import('./pages/projects/delegations.js'), 'Delegations'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/projects/$project/modules/$module/usage',
    component: lazyRouteComponent(() => import('./pages/usage/module-usage.js'), 'ModuleUsage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/projects/$project/modules/$module/versions',
    component: lazyRouteComponent(() => import('./pages/governance/versions.js'), 'VersionsPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/dashboard',
    component: lazyRouteComponent(() => import('./pages/dashboard/dashboard.js'), 'Dashboard'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/approvals',
    validateSearch: raw => texts(raw, 'state', 'kind'),
    component: lazyRouteComponent(() => import('./pages/approvals/inbox.js'), 'Inbox'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/approvals/$id',
    component: lazyRouteComponent(() => import('./pages/approvals/approval.js'), 'ApprovalPage'),
  }),
  createRoute({
    getParentRoute: () => root,
    path: '/webhooks',
    component: lazyRouteComponent(() => import('./pages/account/webhooks.js'), 'Webhooks'),
  }),
];
