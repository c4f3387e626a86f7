import type { Stamp } from '../domain/stamp.js';
import type { User } from '../domain/user.js';

export interface NewUser {
  readonly name: string;
  readonly displayName: string;
  readonly email: string | null;
  readonly emailVerified: boolean;
  readonly passwordHash: string | null;
  readonly admin: boolean;
}

/** What is named is changed. */
export interface UserChanges {
  readonly displayName?: string | undefined;
  readonly email?: string | null | undefined;
  readonly passwordHash?: string | undefined;
  readonly admin?: boolean | undefined;
  /** Disabling ends every session. */
  readonly disabled?: boolean | undefined;
}

/** Who somebody is elsewhere. Issuer and subject together never name two people. */
export interface ExternalIdentity {
  readonly issuer: string;
  readonly subject: string;
  readonly provider: string;
  /** What they are called there. */
  readonly label: string;
}

export interface LinkedIdentity extends ExternalIdentity {
  readonly user: string;
  readonly linkedAt: Date;
}

/** Which users are listed. */
export interface UserPage {
  /** Part of a name, of how somebody is called, or of their address, in upper or lower case; undefined for all. */
  readonly q?: string | undefined;
  readonly limit: number;
  readonly offset: number;
}

export interface UserRepository {
  /** @returns undefined when the name, in any case of its letters, is somebody's already, or holds something here */
  add(user: NewUser, stamp: Stamp, identity?: ExternalIdentity): Promise<User | undefined>;
  find(name: string): Promise<User | undefined>;
  /** With what their password is checked against. */
  findWithPassword(name: string): Promise<{ user: User; passwordHash: string | null } | undefined>;
  /** By name. */
  list(page: UserPage): Promise<readonly User[]>;
  /** @param keepSession the one session that a change of the password or of rights does not end */
  change(name: string, changes: UserChanges, stamp: Stamp, keepSession?: string): Promise<User | undefined>;
  /** Whose an identity is. */
  findIdentity(issuer: string, subject: string, now: Date): Promise<User | undefined>;
  /** @returns false when it is somebody's already */
  link(user: string, identity: ExternalIdentity, stamp: Stamp): Promise<boolean>;
  /** @returns false when it was not theirs */
  unlink(
    user: string,
    identity: Pick<ExternalIdentity, 'issuer' | 'subject'>,
    stamp: Stamp,
  ): Promise<boolean>;
  identitiesOf(user: string): Promise<readonly LinkedIdentity[]>;
}
