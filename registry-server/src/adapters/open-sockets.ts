import { Socket } from 'node:net';

/** Connections to one database, so that they can be ended whatever they wait for. */
export class OpenSockets {
  readonly #open = new Set<Socket>();
  #isCut = false;

  /** One that will be connected. */
  readonly make = (): Socket => {
    const socket = new Socket();
    this.#open.add(socket);
    socket.once('close', () => this.#open.delete(socket));
    // Whoever connects it is told of its end, too.
    if (this.#isCut) setImmediate(() => socket.destroy());
    return socket;
  };

  /** Ends all of them, and those that are still to come. */
  cut(): void {
    this.#isCut = true;
    for (const socket of this.#open) socket.destroy();
  }
}
