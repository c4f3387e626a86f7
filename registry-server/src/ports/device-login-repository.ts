import type { Scope } from '../domain/actor.js';

/** What a device asks for before anybody has answered. */
export interface DeviceRequest {
  /** The kind of program. */
  readonly client: string;
  /** What its machine calls itself; nothing vouches for it. */
  readonly label: string;
  readonly scopes: readonly Scope[];
}

export interface NewDeviceLogin extends DeviceRequest {
  readonly deviceHash: string;
  readonly userCodeHash: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

export interface DeviceAnswer {
  readonly user: string;
  readonly answer: 'approved' | 'denied';
  /** What the user lets it have of what it asked for. */
  readonly scopes: readonly Scope[];
  /** When the credential ends by which it was approved; null for never, and for a session. */
  readonly credentialEndsAt: Date | null;
}

/** What a device that asks whether its user is done is told. */
export type DevicePoll =
  | { readonly state: 'unknown' | 'pending' | 'tooSoon' | 'denied' }
  | ({ readonly state: 'approved' } & DeviceRequest & Pick<DeviceAnswer, 'user' | 'credentialEndsAt'>);

export interface DeviceLoginRepository {
  add(login: NewDeviceLogin): Promise<void>;
  /** One that nobody has answered yet. */
  find(userCodeHash: string, now: Date): Promise<DeviceRequest | undefined>;
  /** @returns false when there is none that waits for an answer */
  answer(userCodeHash: string, answer: DeviceAnswer, now: Date): Promise<boolean>;
  /** Ends one that was answered: it is given away once. @param interval between two polls, in milliseconds */
  poll(deviceHash: string, now: Date, interval: number): Promise<DevicePoll>;
}
