import { row } from './error-row.js';
import { EXIT } from './exit-codes.js';

/** Codes about what people type and configure, for the error table. */
export const ERRORS_OF_USE = {
  // command line
  EUSAGE: row(
    EXIT.general,
    'The command line has an unknown command, flag or value.',
    'Run the command with --help to see how it is used.',
  ),
  ECANCELLED: row(
    EXIT.general,
    'The user or a signal stopped the command.',
    'Run it again: nothing was left half done.',
  ),
  EIO: row(
    EXIT.general,
    'The file system refused an operation.',
    'Mend what the message names: permissions, space, or the path.',
  ),
  EEXISTS: row(
    EXIT.general,
    'A file that the command would create is there already.',
    'Move the file away or choose another folder: prompd overwrites nothing.',
  ),
  EBACKUP: row(
    EXIT.integrity,
    'The file is no whole backup of a registry.',
    'Take another copy of the backup, or an older one: nothing was restored from this one.',
  ),
  ELOCKED: row(
    EXIT.general,
    'Another process holds the lock that the command needs.',
    'Wait for the other process, then run the command again.',
  ),
  EGIT: row(
    EXIT.general,
    'git is not there, or refused what the command needs of it.',
    'Install git, and run the command in a git work tree.',
  ),
  EBUG: row(
    EXIT.general,
    'prompd itself failed. Please report it with the output of --verbose.',
    'Run it again with --verbose and report what it prints.',
  ),

  // configuration
  ECONFIG: row(
    EXIT.configuration,
    'A configuration file or variable has a value that cannot be used.',
    'Correct the setting: docs/configuration.md lists all of them and their values.',
  ),
  ECONFIGSECRET: row(
    EXIT.configuration,
    'A project file tries to set a credential or expand a variable.',
    'Keep credentials in your own configuration ("prompd login") or in "PROMPD_TOKEN".',
  ),
  ENOMANIFEST: row(
    EXIT.configuration,
    'There is no prompd.json where the command needs one.',
    'Run "prompd init", or change to the project\'s folder.',
  ),
  ENOSERVER: row(
    EXIT.configuration,
    'The bundled registry is not installed beside the CLI.',
    'Install "@prompd/registry-server" beside "prompd".',
  ),
  ENOSQLITE: row(
    EXIT.configuration,
    'The native part of SQLite, which locks and remembers, cannot be loaded.',
    'Run "npm rebuild better-sqlite3" where prompd is installed, with the Node that runs it and with install scripts allowed.',
  ),
  EKEYCHAIN: row(
    EXIT.configuration,
    'The credential store of the system cannot be used.',
    'Unlock it, or set the credential store to "file".',
  ),
} as const;
