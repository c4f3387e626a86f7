import { EXIT, type ExitCode } from './exit-codes.js';

/** One row of the table: the exit code a command ends with, and what the code means in general. */
export interface ErrorRow {
  readonly exit: ExitCode;
  readonly meaning: string;
}

/**
 * Every code a user can meet, in errors and in validation problems alike.
 * `docs/errors.md` lists the same rows; a test holds the two together.
 */
export const ERROR_TABLE = {
  // command line
  EUSAGE: row(EXIT.general, 'The command line has an unknown command, flag or value.'),
  ECANCELLED: row(EXIT.general, 'The user or a signal stopped the command.'),
  EIO: row(EXIT.general, 'The file system refused an operation.'),
  EEXISTS: row(EXIT.general, 'A file that the command would create is there already.'),
  ELOCKED: row(EXIT.general, 'Another process holds the lock that the command needs.'),
  EBUG: row(EXIT.general, 'prompd itself failed. Please report it with the output of --verbose.'),

  // configuration
  ECONFIG: row(EXIT.configuration, 'A configuration file or variable has a value that cannot be used.'),
  ECONFIGSECRET: row(EXIT.configuration, 'A project file tries to set a credential or expand a variable.'),
  ENOMANIFEST: row(EXIT.configuration, 'There is no prompd.json where the command needs one.'),
  ENOSERVER: row(EXIT.configuration, 'The bundled registry is not installed beside the CLI.'),
  EKEYCHAIN: row(EXIT.configuration, 'The credential store of the system cannot be used.'),

  // names, versions, manifests
  EBADNAME: row(EXIT.validation, 'A package name breaks the naming rules.'),
  EBADVERSION: row(EXIT.validation, 'A version is not a semantic version.'),
  EBADSPEC: row(EXIT.validation, 'A package specifier or prompt reference cannot be understood.'),
  EBADJSON: row(EXIT.validation, 'A JSON document cannot be parsed.'),
  EMANIFEST: row(EXIT.validation, 'prompd.json does not match its schema.'),
  EMANIFESTFIELD: row(EXIT.validation, 'prompd.json has a field that the format does not know.'),

  // prompts
  EPROMPT: row(EXIT.validation, 'A prompt file cannot be read as front matter and Markdown.'),
  EPROMPTFIELD: row(EXIT.validation, 'A front matter field is missing, unknown or has a wrong value.'),
  EPARAMETERDEF: row(EXIT.validation, 'The definition of a parameter is wrong.'),
  EPARAMETER: row(
    EXIT.validation,
    'A parameter is missing, unknown or has a value that its rules do not allow.',
  ),
  EUNUSED: row(EXIT.validation, 'A parameter is declared and never used.'),
  ESECTION: row(EXIT.validation, 'A section is named twice, or is named and does not exist.'),
  EREFERENCE: row(EXIT.validation, 'A prompt refers to something that cannot be used there.'),
  EINHERIT: row(EXIT.validation, 'Prompts inherit from each other in a circle or too deeply.'),
  ETEMPLATE: row(EXIT.validation, 'A template has a syntax error.'),
  EUNDEFINED: row(EXIT.validation, 'A template uses a variable that is not defined or has no value.'),
  ERENDER: row(EXIT.validation, 'A template does something that its values do not allow.'),
  ERENDERLIMIT: row(EXIT.validation, 'Rendering needs more work or makes more text than the limits allow.'),

  // archives
  EARCHIVE: row(EXIT.integrity, 'A package archive is damaged or is not a gzipped tar.'),
  EARCHIVEENTRY: row(EXIT.integrity, 'A package archive holds an entry that is not allowed.'),
  EARCHIVELIMIT: row(EXIT.integrity, 'A package archive is larger than the limits allow.'),
  EPACK: row(EXIT.validation, 'The folder cannot be packed.'),
  ESCAN: row(EXIT.validation, 'A rule for published packages found something in a file.'),

  // integrity
  EINTEGRITY: row(EXIT.integrity, 'Bytes do not have the integrity that was named for them.'),
  EBADINTEGRITY: row(EXIT.integrity, 'An integrity value is missing, malformed or too weak.'),

  // registries
  ENOTFOUND: row(EXIT.notFound, 'The registry has no such package.'),
  ENOVERSION: row(EXIT.notFound, 'The package has no version that fits.'),
  ENOPROMPT: row(EXIT.notFound, 'The package has no such prompt.'),
  ENOFILE: row(EXIT.notFound, 'A file that was named does not exist.'),
  ENOTINSTALLED: row(EXIT.notFound, 'The package is not installed here.'),
  ENETWORK: row(EXIT.network, 'The registry cannot be reached.'),
  ETIMEOUT: row(EXIT.network, 'The registry did not answer in time.'),
  EREGISTRY: row(EXIT.network, 'The registry answered with an error.'),
  EBADRESPONSE: row(EXIT.network, 'The registry answered with something that is not its protocol.'),
  EOFFLINE: row(EXIT.network, 'The command is offline and the cache does not hold what it needs.'),
  ECONFLICT: row(EXIT.general, 'The version exists already, or existed once: versions are never reused.'),
  EAUTH: row(EXIT.auth, 'The registry asks for credentials, or does not accept those it got.'),
  EFORBIDDEN: row(EXIT.auth, 'The credentials do not allow the action.'),

  // resolution and lockfile
  ENOSOLUTION: row(EXIT.noSolution, 'No set of versions fits all ranges.'),
  EEXOTICDEP: row(
    EXIT.noSolution,
    'A dependency names a folder or address, which only the project itself may do.',
  ),
  ELOCKMISSING: row(EXIT.lockfile, 'The command needs a lockfile and there is none.'),
  ELOCKOUTDATED: row(EXIT.lockfile, 'The lockfile does not match prompd.json.'),
  ELOCKBROKEN: row(EXIT.lockfile, 'The lockfile cannot be read.'),
  ELOCKFUTURE: row(EXIT.lockfile, 'The lockfile was written by a newer prompd.'),
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof ERROR_TABLE;

function row(exit: ExitCode, meaning: string): ErrorRow {
  return { exit, meaning };
}
