import { expect } from 'chai';
import { EDGES } from './machine-edges.ts';
import { pathBetween } from './machine-path.ts';
import { type State, STATES } from './states.ts';

const pairs = (source: string) =>
  EDGES.filter((edge) => edge.source === source).map(({ from, to, by, emits }) =>
    `${from} ${to} ${by} ${emits}`.trim(),
  );

describe('machine: EDGES (RFC 9293 §3.3.2)', () => {
  it('has the twenty edges of figure 5', () => {
    expect(pairs('figure')).to.have.members([
      'CLOSED LISTEN passive OPEN',
      'CLOSED SYN_SENT active OPEN S',
      'LISTEN CLOSED CLOSE',
      'LISTEN SYN_RCVD rcv SYN SA',
      'LISTEN SYN_SENT SEND S',
      'SYN_SENT CLOSED CLOSE',
      'SYN_SENT SYN_RCVD rcv SYN SA',
      'SYN_SENT ESTABLISHED rcv SYN,ACK A',
      'SYN_RCVD LISTEN rcv RST',
      'SYN_RCVD ESTABLISHED rcv ACK of SYN',
      'SYN_RCVD FIN_WAIT_1 CLOSE FA',
      'ESTABLISHED FIN_WAIT_1 CLOSE FA',
      'ESTABLISHED CLOSE_WAIT rcv FIN A',
      'FIN_WAIT_1 FIN_WAIT_2 rcv ACK of FIN',
      'FIN_WAIT_1 CLOSING rcv FIN A',
      'FIN_WAIT_2 TIME_WAIT rcv FIN A',
      'CLOSE_WAIT LAST_ACK CLOSE FA',
      'CLOSING TIME_WAIT rcv ACK of FIN',
      'LAST_ACK CLOSED rcv ACK of FIN',
      'TIME_WAIT CLOSED timeout 2MSL',
    ]);
  });

  it('adds what the figure omits: note 2, an active OPEN in LISTEN (§3.10.1), a SYN in TIME_WAIT (§3.6.1)', () => {
    expect(pairs('text')).to.have.members([
      'FIN_WAIT_1 TIME_WAIT rcv FIN,ACK of FIN A',
      'LISTEN SYN_SENT active OPEN S',
      'TIME_WAIT SYN_RCVD rcv SYN SA',
    ]);
  });

  it('note 3: every state but LISTEN can be reset by the peer, and every state but LISTEN and SYN_SENT resets', () => {
    const from = (by: string, to: State) =>
      EDGES.filter((edge) => edge.by === by && edge.to === to).map((edge) => edge.from);
    const live = STATES.filter((state) => state !== 'CLOSED' && state !== 'LISTEN');
    expect(from('rcv RST', 'CLOSED')).to.have.members(live);
    const opened = live.filter((state) => state !== 'SYN_SENT');
    expect(from('snd RST', 'CLOSED')).to.have.members(opened);
    expect(from('snd RST', 'TIME_WAIT')).to.have.members(opened.filter((state) => state !== 'TIME_WAIT'));
  });

  it('names each edge once', () => {
    const names = EDGES.map(({ from, to, by }) => `${from} ${to} ${by}`);
    expect(new Set(names).size).to.equal(names.length);
  });
});

describe('machine: pathBetween', () => {
  const unique: readonly (readonly [State, State, readonly State[]])[] = [
    ['ESTABLISHED', 'LAST_ACK', ['CLOSE_WAIT']],
    ['LISTEN', 'ESTABLISHED', ['SYN_RCVD']],
    ['SYN_RCVD', 'CLOSE_WAIT', ['ESTABLISHED']],
    ['SYN_RCVD', 'LAST_ACK', ['ESTABLISHED', 'CLOSE_WAIT']],
    ['LISTEN', 'LAST_ACK', ['SYN_RCVD', 'ESTABLISHED', 'CLOSE_WAIT']],
    ['ESTABLISHED', 'FIN_WAIT_2', ['FIN_WAIT_1']],
    ['ESTABLISHED', 'CLOSING', ['FIN_WAIT_1']],
    ['CLOSE_WAIT', 'CLOSED', ['LAST_ACK']],
    ['FIN_WAIT_2', 'CLOSED', ['TIME_WAIT']],
  ];
  for (const [from, to, between] of unique) {
    it(`knows what lies between ${from} and ${to}`, () => {
      expect(pathBetween(from, to)).to.deep.equal(between);
    });
  }

  it('has nothing to fill in for one edge, nor for a state that stayed', () => {
    expect(pathBetween('ESTABLISHED', 'CLOSE_WAIT')).to.deep.equal([]);
    expect(pathBetween('LISTEN', 'SYN_RCVD')).to.deep.equal([]);
    expect(pathBetween('CLOSED', 'LISTEN')).to.deep.equal([]);
    for (const state of STATES) expect(pathBetween(state, state), state).to.deep.equal([]);
  });

  it('is null where several ways fit: a jump to TIME_WAIT may be by FIN_WAIT_2 or CLOSING', () => {
    expect(pathBetween('ESTABLISHED', 'TIME_WAIT')).to.equal(null);
    expect(pathBetween('FIN_WAIT_1', 'TIME_WAIT')).to.equal(null);
    expect(pathBetween('ESTABLISHED', 'CLOSED')).to.equal(null);
    expect(pathBetween('SYN_RCVD', 'FIN_WAIT_1')).to.equal(null);
  });

  it('is null where there is no way', () => {
    expect(pathBetween('LAST_ACK', 'ESTABLISHED')).to.equal(null);
    expect(pathBetween('CLOSE_WAIT', 'TIME_WAIT')).to.equal(null);
    expect(pathBetween('TIME_WAIT', 'ESTABLISHED')).to.equal(null);
  });

  it('follows what was observed', () => {
    const way = (...observed: NonNullable<Parameters<typeof pathBetween>[2]>) =>
      pathBetween('ESTABLISHED', 'TIME_WAIT', observed);
    expect(way('CLOSE', 'rcv ACK of FIN', 'rcv FIN')).to.deep.equal(['FIN_WAIT_1', 'FIN_WAIT_2']);
    expect(way('CLOSE', 'rcv FIN', 'rcv ACK of FIN')).to.deep.equal(['FIN_WAIT_1', 'CLOSING']);
    expect(way('CLOSE', 'rcv FIN,ACK of FIN')).to.deep.equal(['FIN_WAIT_1']);
    expect(way('CLOSE', 'rcv RST')).to.equal(null);
    expect(way()).to.equal(null);
    expect(pathBetween('ESTABLISHED', 'CLOSED', ['rcv FIN', 'rcv RST'])).to.deep.equal(['CLOSE_WAIT']);
    expect(pathBetween('TIME_WAIT', 'ESTABLISHED', ['rcv SYN', 'rcv ACK of SYN'])).to.deep.equal([
      'SYN_RCVD',
    ]);
  });
});
