import type { ClientRequest } from 'node:http';

/**
 * Makes it an error when a server switches to another protocol, which nobody asked for. Node drops the connection then
 * without a word, neither an answer nor an error, and a command that waits would end as if it had done its work.
 */
export function refuseUpgrade(request: ClientRequest): void {
  request.once('upgrade', (_, socket) => {
    socket.destroy();
    const error = new Error('The server switched to another protocol.');
    request.emit('error', Object.assign(error, { code: 'ERR_UNEXPECTED_UPGRADE' }));
  });
}
