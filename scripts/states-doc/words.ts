import type { Cause, Edge } from '#tcp';

const CAUSES: Readonly<Record<Cause, string>> = {
  'passive OPEN': 'listen()',
  'active OPEN': 'connect()',
  SEND: 'a send on the listener',
  CLOSE: 'close() or shutdown()',
  ABORT: 'an abort',
  'rcv SYN': 'SYN arrives',
  'rcv SYN,ACK': 'SYN,ACK arrives',
  'rcv ACK of SYN': 'ACK of its SYN arrives',
  'rcv FIN': 'FIN arrives',
  'rcv ACK of FIN': 'ACK of its FIN arrives',
  'rcv FIN,ACK of FIN': 'FIN arrives that acknowledges its FIN',
  'rcv RST': 'RST arrives',
  'snd RST': 'it resets',
  'timeout 2MSL': 'two segment lifetimes pass',
  'timeout user': 'its patience ends',
};

const EMITS: Readonly<Record<string, string>> = { S: 'SYN', SA: 'SYN,ACK', A: 'ACK', FA: 'FIN', R: 'RST' };

/** `FIN arrives; sends ACK` */
export function edgeText({ by, from, emits }: Pick<Edge, 'by' | 'from' | 'emits'>): string {
  // A socket that listens or only dials has nothing to shut down.
  const cause = by === 'CLOSE' && (from === 'LISTEN' || from === 'SYN_SENT') ? 'close()' : CAUSES[by];
  return emits === '' ? cause : `${cause}; sends ${EMITS[emits] ?? emits}`;
}
