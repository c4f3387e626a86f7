/** The file at the root of a project that says what an audit lets pass. */
export const POLICY_FILE = 'prompd-audit.json';
