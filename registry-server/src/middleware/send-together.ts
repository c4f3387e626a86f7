/**
 * Sends answers that are ready when all requests that arrived at once are read, one answer after the other. A client that
 * waits is woken by its first answer and awake for the others: waking it once an answer costs the server more than the
 * answer does.
 * @returns takes what sends an answer; with a single request at a time it is called in the same turn of the event loop
 */
export function sendTogether(): (send: () => void) => void {
  let waiting: (() => void)[] = [];
  const flush = () => {
    const all = waiting;
    waiting = [];
    for (const send of all) send();
  };
  return send => {
    // Immediates come after all that the sockets had to read, and before the event loop waits again.
    if (waiting.push(send) === 1) setImmediate(flush);
  };
}
