import { platform } from 'node:os';
import { withNetworkUse } from '../ops/install/switches.js';
import { search } from '../ops/registry/search.js';
import { searchText } from '../output/search.js';
import { defineCommand } from './command.js';

/** Packages that are listed where there is no terminal. */
const LISTED = 20;

export default defineCommand({
  options: yargs =>
    yargs
      .positional('terms', { type: 'string', array: true, default: [], describe: 'Words to look for' })
      .option('global', {
        alias: 'g',
        type: 'boolean',
        default: false,
        describe: 'Install, update and remove packages for use anywhere',
      })
      .option('offline', {
        type: 'boolean',
        default: false,
        describe: 'Ask no registry: browse what is in the cache',
      }),
  async run({ terms, global, offline }, context) {
    const text = terms.join(' ');
    const { screen, stdout, env } = context;
    const inner = offline ? withNetworkUse(context, 'never') : context;
    if (!screen || !stdout?.terminal) {
      const query = { text, sort: 'relevance', limit: LISTED, offset: 0 } as const;
      const page = await search(inner, query);
      return { value: page, text: style => searchText(page, style) };
    }
    const [{ browse }, { openBrowseSession }, { openInstalled }, { openApprovalDesk }, { openUrl }] =
      await Promise.all([
        import('../tui/browse/browse.js'),
        import('../ops/browse/open-session.js'),
        import('../ops/browse/installed.js'),
        import('../ops/browse/approval-desk.js'),
        import('../ops/browse/open-url.js'),
      ]);
    const { session, close } = await openBrowseSession(inner, { global });
    try {
      await browse({
        session,
        text,
        installed: openInstalled(inner, { global }),
        approvals: openApprovalDesk(inner),
        screen,
        now: context.now,
        colour: !env['NO_COLOR'],
        open: url => openUrl(url, { platform: platform(), env }),
      });
    } finally {
      close();
    }
    return { value: undefined, text: () => '' };
  },
});
