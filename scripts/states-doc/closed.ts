import type { StateText } from './contract.ts';

export const closed: StateText = {
  state: 'CLOSED',
  spelled: { rfc: 'CLOSED', ss: 'no line (UNCONN)', netstat: 'no line' },
  meaning:
    'No connection: the RFC calls this state fictional, for there is nothing left that could be in it. The kernel answers a segment for a connection that is not there with a RST.',
  visible:
    "It cannot be listed. What shows it: a lookup of the connection finds no socket, and of all sockets on the server's port ss lists the listener alone.",
  brief: () => ['-', '-'],
  lasts: () => 'There is nothing to last.',
  mistakes: [
    "A connection that was reset is in no list any more, and its descriptor is still open until the application closes it: such a leak shows in the process's descriptors alone (`ls /proc/PID/fd`), never in ss.",
    'ss lists no sockets, so all must be well: the state before may have been skipped by a RST, which loses what the other side had not read.',
  ],
  withoutWire:
    'As LAST_ACK; then the client reads everything, which lets the FIN through, and its kernel acknowledges it. (A line in TIME_WAIT is of another connection, which was closed before.)',
};
