/** A user of a registry, as its administrators see them. Times are ISO. */
export interface RegistryUser {
  readonly name: string;
  readonly displayName: string;
  readonly email: string | undefined;
  readonly admin: boolean;
  /** Whether they can sign in with one. */
  readonly hasPassword: boolean;
  readonly disabledAt: string | undefined;
  readonly createdAt: string;
}

/** Where a user is signed in. */
export interface UserSession {
  readonly id: string;
  readonly label: string;
  readonly createdAt: string;
  readonly expiresAt: string;
}

export interface UserDraft {
  readonly name: string;
  readonly displayName?: string | undefined;
  readonly email?: string | undefined;
  readonly password?: string | undefined;
  readonly admin?: boolean | undefined;
  /** Why, for the audit. */
  readonly reason?: string | undefined;
}

/** What is named is changed. */
export type UserChanges = Partial<Pick<RegistryUser, 'admin'>> & {
  readonly disabled?: boolean | undefined;
  readonly password?: string | undefined;
  /** Why, for the audit. */
  readonly reason?: string | undefined;
};

/** The users of a registry, for its administrators. Each method throws as those of `Registry` do, ENOUSER, and EUNSUPPORTED. */
export interface RegistryUsers {
  /** By name, all of them. @param text part of a name or an address; undefined for everybody */
  list(text: string | undefined): Promise<readonly RegistryUser[]>;
  find(name: string): Promise<RegistryUser>;
  /** @throws PrompdError EUSAGE for a name that is taken, or a name or password that cannot be */
  create(draft: UserDraft): Promise<RegistryUser>;
  /** @throws PrompdError EUSAGE for shutting oneself out */
  change(name: string, changes: UserChanges): Promise<RegistryUser>;
  sessions(name: string): Promise<readonly UserSession[]>;
  /** @returns how many there were */
  endSessions(name: string, reason?: string): Promise<number>;
}

/** The users of a kind of registry that tells nothing of them. @param refuse throws EUNSUPPORTED */
export function noUsers(refuse: () => Promise<never>): RegistryUsers {
  return {
    list: refuse,
    find: refuse,
    create: refuse,
    change: refuse,
    sessions: refuse,
    endSessions: refuse,
  };
}
