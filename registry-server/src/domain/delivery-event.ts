/** What applications that get prompts delivered are told of. */
export const DELIVERY_EVENTS = ['move', 'revoke', 'deprecate', 'change'] as const;
export type DeliveryEventType = (typeof DELIVERY_EVENTS)[number];

/** Something that changed what is delivered. Ids grow, and are the same on all servers that share a database. */
export interface DeliveryEvent {
  readonly id: number;
  readonly package: string;
  /** `@bank`, or '' for a package without one. */
  readonly scope: string;
  readonly type: DeliveryEventType;
  readonly tag: string | null;
  /** Where the tag points now, or the version that it is about. */
  readonly version: string | null;
  /** Where the tag pointed before. */
  readonly previous: string | null;
  /** Of a deprecation, or the reason of a revocation. */
  readonly message: string | null;
}

/** The event as a server-sent one. @see https://html.spec.whatwg.org/multipage/server-sent-events.html */
export function eventText(event: DeliveryEvent): string {
  return `id: ${event.id}\nevent: ${event.type}\ndata: ${JSON.stringify(dataOf(event))}\n\n`;
}

function dataOf({ package: name, type, tag, version, previous, message }: DeliveryEvent): object {
  switch (type) {
    case 'move':
      return { package: name, tag, version, previous };
    case 'revoke':
      return { package: name, version, reason: message };
    case 'deprecate':
      return { package: name, version, message };
    case 'change':
      return { package: name };
  }
}

/** The scope of a package's name. */
export function scopeOfName(name: string): string {
  return name.startsWith('@') ? (name.split('/', 1)[0] ?? '') : '';
}
