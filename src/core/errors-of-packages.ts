import { row } from './error-row.js';
import { EXIT } from './exit-codes.js';

/** Codes about what packages are made of, for the error table. */
export const ERRORS_OF_PACKAGES = {
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
  EWRONGARCHIVE: row(
    EXIT.integrity,
    'An archive holds another package, version or dependencies than were named for it.',
    'Do not use it. When it repeats, tell whoever runs the registry.',
  ),
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
  EUNSIGNED: row(
    EXIT.integrity,
    'A package has no signature where the configuration asks for one.',
    'Ask whoever runs the registry, or the author, for a signature; or change the policy.',
  ),
  EKEYCHANGED: row(
    EXIT.integrity,
    'A registry changed a key that it signed with before, or signs old versions with a new one.',
    'Ask whoever runs the registry; somebody may have taken its place.',
  ),
  EDOWNGRADE: row(
    EXIT.integrity,
    'A newer version lacks the signature that a trusted author gave an older one.',
    'Ask the author. To take the version all the same, run "prompd key accept".',
  ),
  ELOGKEY: row(
    EXIT.integrity,
    'A transparency log is not signed by the key that is trusted.',
    'Ask whoever runs the registry whether its log has a new key.',
  ),
  ELOGROLLBACK: row(
    EXIT.integrity,
    'A transparency log has fewer entries than it had before.',
    'Ask whoever runs the registry what was taken back.',
  ),
  ELOGFORK: row(
    EXIT.integrity,
    'A transparency log tells another history than it did before.',
    'Do not install from the registry until its people have explained it.',
  ),
  ELOGINCLUSION: row(
    EXIT.integrity,
    'A package is not in the transparency log of its registry, or is there with other bytes.',
    'Nothing was installed. Ask whoever runs the registry why it gives out what it did not log.',
  ),
  ELOGABSENT: row(
    EXIT.integrity,
    'The transparency log of a registry is not there, or cannot be asked, and must be.',
    'Try again later, or ask whoever runs the registry where its log is.',
  ),
  EROLLBACK: row(
    EXIT.integrity,
    'A registry shows an older state than it did before.',
    'Ask whoever runs the registry; somebody may have put an old copy in its place.',
  ),
} as const;
