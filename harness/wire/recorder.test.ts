import { expect } from 'chai';
import { ACK, FIN, PSH, RST, segment, seq, SYN, type Packet, type SegmentFields, type State } from '#tcp';
import { Trace, type Side } from '#trace';
import { Recorder } from './recorder.ts';

const CLIENT = { address: '198.18.1.1', port: 49152 };
const SERVER = { address: '198.18.0.1', port: 80 };

/** A connection after its handshake: what its packets are told to have done. */
function established(last: State = 'ESTABLISHED') {
  const trace = new Trace();
  const recorder = new Recorder(trace);
  recorder.open({ family: 4, local: SERVER, remote: CLIENT }, 'LISTEN');
  const cross = (from: Side, fields: SegmentFields, state: State | null): void => {
    const [source, to] = from === 'client' ? [CLIENT, SERVER] : [SERVER, CLIENT];
    const packet: Packet = { family: 4, from: source, to, ...segment(fields) };
    const bytes = new Uint8Array(40);
    recorder.cross(packet, { from, bytes, atUs: 0, state, knownUs: 0, retransmission: false });
  };
  cross('client', { flags: SYN, seq: seq(0) }, 'SYN_RCVD');
  cross('server', { flags: SYN | ACK, seq: seq(0), ack: seq(1) }, 'SYN_RCVD');
  cross('client', { flags: ACK, seq: seq(1), ack: seq(1) }, last);
  const told = (): string[] => recorder.path().map(({ state, cause }) => `${state}: ${cause}`);
  const before = recorder.path().length;
  return { cross, told: () => told().slice(before) };
}

const data = { seq: seq(1), ack: seq(1), payload: Buffer.from('request') };

describe('the recorder: which packet caused a state', () => {
  it('blames no packet of ours for the end of a connection that the server resets before anybody looks', () => {
    const { cross, told } = established();
    cross('client', { flags: ACK | PSH, ...data }, 'CLOSED');
    cross('server', { flags: RST | ACK, seq: seq(1), ack: seq(8) }, 'CLOSED');
    expect(told()).to.deep.equal(['CLOSED: server RST-ACK']);
  });

  it('knows that a server was in CLOSE_WAIT whose RST acknowledges our FIN', () => {
    const { cross, told } = established();
    cross('client', { flags: FIN | ACK | PSH, ...data }, 'CLOSED');
    cross('server', { flags: RST | ACK, seq: seq(1), ack: seq(9) }, 'CLOSED');
    expect(told()).to.deep.equal(['CLOSE_WAIT: inferred: peer FIN', 'CLOSED: server RST-ACK']);
  });

  it('does not where the RST was sent before the FIN came', () => {
    const { cross, told } = established();
    cross('client', { flags: FIN | ACK | PSH, ...data }, 'CLOSED');
    cross('server', { flags: RST | ACK, seq: seq(1), ack: seq(8) }, 'CLOSED');
    expect(told()).to.deep.equal(['CLOSED: server RST-ACK']);
  });

  it('knows that a server was in ESTABLISHED that has sent data, and closed before anybody looks', () => {
    const { cross, told } = established('SYN_RCVD');
    cross('client', { flags: ACK | PSH, ...data }, 'FIN_WAIT_1');
    cross(
      'server',
      { flags: ACK | PSH, seq: seq(1), ack: seq(8), payload: Buffer.from('answer') },
      'FIN_WAIT_1',
    );
    cross('server', { flags: FIN | ACK, seq: seq(7), ack: seq(8) }, 'FIN_WAIT_1');
    expect(told()).to.deep.equal(['ESTABLISHED: inferred: server data', 'FIN_WAIT_1: server FIN-ACK']);
  });

  it('believes that our own RST ends it, and so does the last ACK', () => {
    const reset = established();
    reset.cross('client', { flags: RST, seq: seq(1) }, 'CLOSED');
    expect(reset.told()).to.deep.equal(['CLOSED: peer RST']);
    const closed = established();
    closed.cross('client', { flags: FIN | ACK, seq: seq(1), ack: seq(1) }, 'LAST_ACK');
    closed.cross('server', { flags: FIN | ACK, seq: seq(1), ack: seq(2) }, 'LAST_ACK');
    closed.cross('client', { flags: ACK, seq: seq(2), ack: seq(2) }, 'CLOSED');
    expect(closed.told()).to.deep.equal([
      'CLOSE_WAIT: inferred: server FIN-ACK',
      'LAST_ACK: server FIN-ACK',
      'CLOSED: peer ACK',
    ]);
  });
});
