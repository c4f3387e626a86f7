import { row } from './error-row.js';
import { EXIT } from './exit-codes.js';

/** Codes about what registries and models answer, for the error table. */
export const ERRORS_OF_SERVICES = {
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
    'Check the name: "prompd user list" shows administrators all users.',
  ),
  ENOKEY: row(
    EXIT.notFound,
    'There is no such key.',
    'List the keys that there are, and name one by its key id.',
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
  EAMBIGUOUS: row(
    EXIT.configuration,
    'Several registries have a package of the name, and nothing says which one is meant.',
    'Bind the name or its scope to a registry, in `packages` or `scopes` of the configuration.',
  ),
  EPROXY: row(
    EXIT.network,
    'The proxy does not let the request through.',
    'Check the address of the proxy and its credentials, or name the host in `NO_PROXY`.',
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
  EOTHERPACKAGE: row(
    EXIT.network,
    'The registry answered about another package than it was asked for.',
    'Check the address of the registry; when it repeats, tell whoever runs it.',
  ),
  EANSWERLIMIT: row(
    EXIT.network,
    'The answer is larger, lists more or nests deeper than any that means well.',
    'Check the address of the registry; when it repeats, tell whoever runs it.',
  ),
  EREDIRECT: row(
    EXIT.network,
    'Redirects have no end, or lead where they are not followed.',
    'Check the address of the registry, and that no sign-in page answers in its place.',
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
  ETAKEN: row(
    EXIT.general,
    'The registry has something of this name already.',
    'Choose another name, or change what is there.',
  ),
  ECHANGED: row(
    EXIT.general,
    'Somebody changed it since it was read: nothing was overwritten.',
    'Read it again, and decide anew.',
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

  // approvals
  EFEAT: row(
    EXIT.validation,
    'The feat block does not have what the policy of the project asks for.',
    'Run "prompd feat check" in the package, and publish a version that has what is missing.',
  ),
  EAPPROVAL: row(
    EXIT.general,
    'The request for approval is closed, or is about something else by now.',
    'Look at it again with "prompd approvals show".',
  ),
  EFOUREYES: row(
    EXIT.auth,
    'Author and approver, and one approver and the next, must be different people.',
    'Ask another approver: "prompd approvals show" says what is missing.',
  ),
  EPROTECTED: row(
    EXIT.auth,
    'A protected channel was to be moved in another way than by promotion.',
    'Use "prompd promote" or "prompd rollback", with the role of an approver.',
  ),
  EREVIEW: row(
    EXIT.validation,
    'The review of a version is overdue, so that it is not promoted any more.',
    'Review it, and publish a version with the next date.',
  ),

  // delivery
  EREVOKED: row(
    EXIT.auth,
    'The version was revoked: it is no longer delivered, whoever asks.',
    'Ask the owners of the package which version takes its place, and move the channel there.',
  ),
  EUNCONFIRMED: row(
    EXIT.network,
    'The registry has not confirmed the prompt for longer than it may be served without.',
    'Restore the way to the registry, or make a new bootstrap file.',
  ),
  EBOOTSTRAP: row(
    EXIT.configuration,
    'The bootstrap file cannot be used.',
    'Write it anew with "prompd bootstrap".',
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
  EINCOMPATIBLE: row(
    EXIT.general,
    'A prompt was not found to work with the model, and the policy refuses it.',
    'Run its tests with the model, choose another one, or set "models.require" to "warn".',
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
} as const;
