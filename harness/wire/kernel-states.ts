import type { State } from '#tcp';

/** The kernel's numbers of the states (include/net/tcp_states.h). 12 is a half-open connection's request socket. */
const BY_NUMBER: Readonly<Record<number, State>> = {
  1: 'ESTABLISHED',
  2: 'SYN_SENT',
  3: 'SYN_RCVD',
  4: 'FIN_WAIT_1',
  5: 'FIN_WAIT_2',
  6: 'TIME_WAIT',
  7: 'CLOSED',
  8: 'CLOSE_WAIT',
  9: 'LAST_ACK',
  10: 'LISTEN',
  11: 'CLOSING',
  12: 'SYN_RCVD',
};

/** @returns undefined for a number that is no TCP state (13: bound, and nothing else) */
export function kernelState(number: number): State | undefined {
  return BY_NUMBER[number];
}
