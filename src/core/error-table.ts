import { EXIT, type ExitCode } from './exit-codes.js';

/** One row of the table: the exit code a command ends with, and what the code means in general. */
export interface ErrorRow {
  readonly exit: ExitCode;
  readonly meaning: string;
  /** What to do, where an error has no better advice. */
  readonly hint: string;
}

/**
 * Every code a user can meet, in errors and in validation problems alike.
 * `docs/errors.md` lists the same rows; a test holds the two together.
 */
export const ERROR_TABLE = {
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
  EKEYCHAIN: row(
    EXIT.configuration,
    'The credential store of the system cannot be used.',
    'Unlock it, or set the credential store to "file".',
  ),

  // names, versions, manifests
  EBADNAME: row(
    EXIT.validation,
    'A package name breaks the naming rules.',
    'Use lowercase letters, digits, "-", "_" and ".", as in "@acme/code-review".',
  ),
  EBADVERSION: row(
    EXIT.validation,
    'A version is not a semantic version.',
    'Write "major.minor.patch", as in "1.4.0"; in YAML put it in quotes.',
  ),
  EBADSPEC: row(
    EXIT.validation,
    'A package specifier or prompt reference cannot be understood.',
    'Write "@org/name", "@org/name@^1", or "@org/name@^1:prompt".',
  ),
  EBADJSON: row(
    EXIT.validation,
    'A JSON document cannot be parsed.',
    'Correct the place that the message names, or save the file as JSON.',
  ),
  EMANIFEST: row(
    EXIT.validation,
    'prompd.json does not match its schema.',
    'Correct the field; editors check it with "prompd.schema.json".',
  ),
  EMANIFESTCONFLICT: row(
    EXIT.validation,
    'A merge left conflict markers in prompd.json.',
    'Decide the conflict in prompd.json, then run "prompd install", which brings the lockfile in line.',
  ),
  EMANIFESTFIELD: row(
    EXIT.validation,
    'prompd.json has a field that the format does not know.',
    'Correct the spelling, or leave it: the field is kept and ignored.',
  ),
  EPUBLISHDEP: row(
    EXIT.validation,
    'A package that is published depends on a folder, an archive or an address.',
    'Publish what it depends on, and name it by a range, as in "^1.2.0".',
  ),

  // prompts
  EPROMPT: row(
    EXIT.validation,
    'A prompt file cannot be read as front matter and Markdown.',
    'Begin the file with front matter between "---" lines, then Markdown, all of it UTF-8.',
  ),
  EPROMPTFIELD: row(
    EXIT.validation,
    'A front matter field is missing, unknown or has a wrong value.',
    'Correct the field: docs/format.md lists all fields and what they take.',
  ),
  EPARAMETERDEF: row(
    EXIT.validation,
    'The definition of a parameter is wrong.',
    'Correct the definition: its name, type, rules and default must agree.',
  ),
  EPARAMETER: row(
    EXIT.validation,
    'A parameter is missing, unknown or has a value that its rules do not allow.',
    'Give the parameter with "-p name=value"; "prompd show" lists parameters and their rules.',
  ),
  EUNUSED: row(
    EXIT.validation,
    'A parameter is declared and never used.',
    'Use the parameter in the text, or remove it.',
  ),
  ESECTION: row(
    EXIT.validation,
    'A section is named twice, or is named and does not exist.',
    'Name a section that is there; give two sections of one name different ids.',
  ),
  EREFERENCE: row(
    EXIT.validation,
    'A prompt refers to something that cannot be used there.',
    'Refer to a file of the package, or to a package in its "dependencies" with a range that fits.',
  ),
  EINHERIT: row(
    EXIT.validation,
    'Prompts inherit from each other in a circle or too deeply.',
    'Break the circle: move what the prompts share into one that inherits from none.',
  ),
  ETEMPLATE: row(
    EXIT.validation,
    'A template has a syntax error.',
    'Correct the template at the place that the message names.',
  ),
  EUNDEFINED: row(
    EXIT.validation,
    'A template uses a variable that is not defined or has no value.',
    'Declare the variable as a parameter, or give it a value with the filter "default".',
  ),
  ERENDER: row(
    EXIT.validation,
    'A template does something that its values do not allow.',
    'Check the values at the place that the message names.',
  ),
  ERENDERLIMIT: row(
    EXIT.validation,
    'Rendering needs more work or makes more text than the limits allow.',
    'Render less at once: shorten the values or the loops.',
  ),
  EIMPORT: row(
    EXIT.validation,
    'A file of another format cannot be made into a prompt.',
    'Correct the file at the place that the message names, or leave it out of the import.',
  ),
  EEXPORT: row(
    EXIT.validation,
    'A prompt cannot be written in the format that was asked for.',
    'Choose another format: docs/importing.md says what each one can hold.',
  ),

  // archives
  EARCHIVE: row(
    EXIT.integrity,
    'A package archive is damaged or is not a gzipped tar.',
    'Fetch it again; when that does not help, tell the publisher.',
  ),
  EARCHIVEENTRY: row(
    EXIT.integrity,
    'A package archive holds an entry that is not allowed.',
    'Do not use the package; tell the registry and the publisher.',
  ),
  EARCHIVELIMIT: row(
    EXIT.integrity,
    'A package archive is larger than the limits allow.',
    'Leave out files that prompts do not need, with "files" or ".prompdignore".',
  ),
  EPACK: row(EXIT.validation, 'The folder cannot be packed.', 'Correct the files that the message names.'),
  ECHECKLIMIT: row(
    EXIT.validation,
    'Checking the package takes more time or memory than the registry allows.',
    'Split large prompts, or publish fewer of them in one package.',
  ),
  ESCAN: row(
    EXIT.validation,
    'A rule for published packages found something in a file.',
    'Take what was found out of the file, or leave the file out with ".prompdignore".',
  ),
  EAUDIT: row(
    EXIT.general,
    'An audit found something at or above the level that fails.',
    'Read the findings with "prompd audit"; except what is known to be harmless in "prompd-audit.json".',
  ),
  EBUMP: row(
    EXIT.validation,
    'The step from the version before is too small for what changed in the contracts of the prompts.',
    'Publish under the version that the message names; docs/contracts.md says which change needs which.',
  ),

  // integrity
  EINTEGRITY: row(
    EXIT.integrity,
    'Bytes do not have the integrity that was named for them.',
    'Do not use the bytes. Try again; when it repeats, the registry or the way to it changed them.',
  ),
  EBADINTEGRITY: row(
    EXIT.integrity,
    'An integrity value is missing, malformed or too weak.',
    'The registry must name a sha512 for every version; tell whoever runs it.',
  ),
  ESIGNATURE: row(
    EXIT.integrity,
    'A signature is missing, not of what it stands beside, or made with a key that is not trusted.',
    'Do not use what it signs; ask whoever runs the registry.',
  ),
  EROLLBACK: row(
    EXIT.integrity,
    'A registry shows an older state than it did before.',
    'Ask whoever runs the registry; somebody may have put an old copy in its place.',
  ),

  // registries
  ENOTFOUND: row(
    EXIT.notFound,
    'The registry has no such package.',
    'Check the name and the registry that its scope is configured for.',
  ),
  ENOVERSION: row(
    EXIT.notFound,
    'The package has no version that fits.',
    'Ask for a version that "prompd info" lists.',
  ),
  ENOUSER: row(
    EXIT.notFound,
    'The registry has no such user, or the package no such owner.',
    'Check the name: users are those who have a token of the registry.',
  ),
  ENOPROMPT: row(
    EXIT.notFound,
    'The package has no such prompt.',
    'Name one of the ids under "prompts" in the package\'s manifest; "prompd info" lists them.',
  ),
  ENOFILE: row(
    EXIT.notFound,
    'A file that was named does not exist.',
    'Check the path; it is relative to the file or folder that names it.',
  ),
  ENOTINSTALLED: row(
    EXIT.notFound,
    'The package is not installed here.',
    'Run "prompd install", with the package\'s name when it is not a dependency yet.',
  ),
  EREADONLY: row(
    EXIT.general,
    'The registry is a copy in files, which cannot be written to.',
    'Publish at the registry that it was exported from, and export that again.',
  ),
  ENETWORK: row(
    EXIT.network,
    'The registry cannot be reached.',
    'Check the address, the network and the proxy settings.',
  ),
  ETIMEOUT: row(
    EXIT.network,
    'The registry did not answer in time.',
    'Try again, or raise the time limit in the configuration.',
  ),
  EREGISTRY: row(
    EXIT.network,
    'The registry answered with an error.',
    'Try again later; when it repeats, tell whoever runs the registry.',
  ),
  EBADRESPONSE: row(
    EXIT.network,
    'The registry answered with something that is not its protocol.',
    "Check that the address is a registry's and that no proxy answers in its place.",
  ),
  EOFFLINE: row(
    EXIT.network,
    'The command is offline and the cache does not hold what it needs.',
    'Run it once with the network, then offline.',
  ),
  EUNSUPPORTED: row(
    EXIT.general,
    'The registry is of a kind that has no such thing.',
    "Use a registry of prompd's own, or the tools of that registry.",
  ),
  ECONFLICT: row(
    EXIT.general,
    'The version exists already, or existed once: versions are never reused.',
    'Publish under the next version.',
  ),
  EAUTH: row(
    EXIT.auth,
    'The registry asks for credentials, or does not accept those it got.',
    'Run "prompd login", or set "PROMPD_TOKEN".',
  ),
  EFORBIDDEN: row(
    EXIT.auth,
    'The credentials do not allow the action.',
    'Use a token that has the scope, of an owner of the package.',
  ),

  // models
  ENOPROVIDER: row(
    EXIT.configuration,
    'No provider is chosen, or none of that name is defined.',
    'Name one with "--provider"; "prompd provider list" shows all, and "echo" answers offline.',
  ),
  ENOMODEL: row(
    EXIT.configuration,
    'No model is chosen.',
    'Name one with "--model", in the prompt, or as the default model of the provider.',
  ),
  EPROVIDERKEY: row(
    EXIT.provider,
    'There is no API key for the provider, or the provider does not accept it.',
    'Set the variable that "prompd provider show" names, or keep a key with "prompd provider add --key-stdin".',
  ),
  EUNKNOWNMODEL: row(
    EXIT.provider,
    'The provider has no such model, or the key may not use it.',
    'Check the name of the model with the provider.',
  ),
  EMODELREQUEST: row(
    EXIT.provider,
    'The provider does not accept the request, such as a parameter that the model does not know.',
    'Leave out or change what the message names.',
  ),
  ERATELIMIT: row(
    EXIT.provider,
    'The provider takes no more requests from this key for now.',
    'Wait, then try again; raise the limit or the credit of the account with the provider.',
  ),
  ECONTEXTLENGTH: row(
    EXIT.provider,
    'The prompt is longer than the model can read.',
    'Shorten the values and contexts, or choose a model with a larger context.',
  ),
  ECONTENTFILTER: row(
    EXIT.provider,
    "The provider's content filter stopped the answer.",
    'Change the prompt or its values; the provider says what it filters.',
  ),
  EMODELTIMEOUT: row(
    EXIT.provider,
    'The model did not answer in time.',
    'Try again, or give it more time with "--timeout".',
  ),
  EBROKENSTREAM: row(
    EXIT.provider,
    'The answer broke off before it was complete.',
    'Run it again; what arrived is not the whole answer.',
  ),
  EMODELANSWER: row(
    EXIT.provider,
    'The endpoint answered with something that is not its protocol.',
    'Check the address with "prompd provider show", and that no proxy answers in its place.',
  ),
  EMODELSERVER: row(
    EXIT.provider,
    'The provider failed while it answered.',
    "Try again later; the provider's status page may say more.",
  ),
  EMODELNETWORK: row(
    EXIT.provider,
    'The endpoint of the provider cannot be reached.',
    'Check that it runs, its address, and the network.',
  ),
  EBADTEST: row(
    EXIT.validation,
    'A test of the package is wrong.',
    'Correct the test in "tests" of prompd.json; docs/models.md lists what each kind of statement takes.',
  ),
  ENOTEST: row(
    EXIT.notFound,
    'There is no test to run.',
    'Write one in "tests" of prompd.json, or choose others with "--grep".',
  ),

  // resolution and lockfile
  ENOSOLUTION: row(
    EXIT.noSolution,
    'No set of versions fits all ranges.',
    'Change one of the ranges that the explanation names, or add an override.',
  ),
  EEXOTICDEP: row(
    EXIT.noSolution,
    'A dependency names a folder or address, which only the project itself may do.',
    "Ask the dependency's author to publish what it needs to a registry.",
  ),
  ELOCKMISSING: row(
    EXIT.lockfile,
    'The command needs a lockfile and there is none.',
    'Run "prompd install" and commit "prompd-lock.json".',
  ),
  ELOCKOUTDATED: row(
    EXIT.lockfile,
    'The lockfile does not match prompd.json.',
    'Run "prompd install" and commit the new "prompd-lock.json".',
  ),
  ELOCKBROKEN: row(
    EXIT.lockfile,
    'The lockfile cannot be read.',
    'Restore it from version control, or remove it and run "prompd install".',
  ),
  ELOCKCONFLICT: row(
    EXIT.lockfile,
    'A merge left conflict markers in the lockfile.',
    'Run "prompd install": it merges both sides and resolves again. Then commit the new "prompd-lock.json".',
  ),
  ELOCKFUTURE: row(EXIT.lockfile, 'The lockfile was written by a newer prompd.', 'Update prompd.'),
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof ERROR_TABLE;

function row(exit: ExitCode, meaning: string, hint: string): ErrorRow {
  return { exit, meaning, hint };
}
