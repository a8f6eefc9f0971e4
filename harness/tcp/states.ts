import { CloseWaitError } from '#core';

/** The eleven states of RFC 9293 §3.3.2, in closewait's one spelling. CLOSED means that no socket is left. */
export const STATES = [
  'LISTEN',
  'SYN_SENT',
  'SYN_RCVD',
  'ESTABLISHED',
  'FIN_WAIT_1',
  'FIN_WAIT_2',
  'CLOSE_WAIT',
  'CLOSING',
  'LAST_ACK',
  'TIME_WAIT',
  'CLOSED',
] as const;

export type State = (typeof STATES)[number];

/** Spellings of ss, netstat (Linux, busybox, BSD, macOS) and the RFC that are not ours with another separator. */
const OTHER_SPELLINGS: Readonly<Record<string, State>> = {
  SYNRECV: 'SYN_RCVD',
  SYNRECEIVED: 'SYN_RCVD',
  NEWSYNRECV: 'SYN_RCVD',
  ESTAB: 'ESTABLISHED',
  CLOSE: 'CLOSED',
  UNCONN: 'CLOSED',
};

const BY_LETTERS: ReadonlyMap<string, State> = new Map([
  ...STATES.map((state) => [state.replaceAll('_', ''), state] as const),
  ...Object.entries(OTHER_SPELLINGS),
]);

/** Spellings that assertions take; {@link findState} reads more. */
export type StateName =
  | State
  | 'SYN-SENT'
  | 'SYN-RECV'
  | 'SYN-RECEIVED'
  | 'SYN_RECV'
  | 'ESTAB'
  | 'FIN-WAIT-1'
  | 'FIN-WAIT-2'
  | 'FIN_WAIT1'
  | 'FIN_WAIT2'
  | 'CLOSE-WAIT'
  | 'LAST-ACK'
  | 'TIME-WAIT';

/** The state that `text` spells in the manner of the RFC, ss or netstat; undefined where it spells none. */
export function findState(text: string): State | undefined {
  return BY_LETTERS.get(text.toUpperCase().replaceAll(/[-_ ]/g, ''));
}

/** Like {@link findState}, for text that must be a state. @throws CW_STATE_NAME */
export function parseState(text: string): State {
  const state = findState(text);
  if (state === undefined) {
    throw new CloseWaitError(
      'CW_STATE_NAME',
      `'${text}' is not a TCP state; the eleven are ${STATES.join(', ')}`,
    );
  }
  return state;
}
