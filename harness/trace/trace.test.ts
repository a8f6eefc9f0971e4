import { expect } from 'chai';
import { Trace } from './trace.ts';

describe('trace', () => {
  const statesOf = (trace: Trace) => trace.path('server').map(({ state, cause }) => `${state} ${cause}`);

  it('notes a state once', () => {
    const trace = new Trace();
    for (const cause of ['a', 'b']) trace.state('server', 'LISTEN', cause);
    expect(statesOf(trace)).to.deep.equal(['LISTEN a']);
    expect(trace.events).to.have.length(1);
  });

  it('fills in a state that the connection must have passed, as inferred', () => {
    const trace = new Trace();
    trace.state('server', 'ESTABLISHED', 'peer ACK');
    trace.state('server', 'LAST_ACK', 'server FIN-ACK');
    expect(statesOf(trace)).to.deep.equal([
      'ESTABLISHED peer ACK',
      'CLOSE_WAIT inferred: server FIN-ACK',
      'LAST_ACK server FIN-ACK',
    ]);
  });

  it('infers nothing where there are several ways, and nothing behind a reset', () => {
    const trace = new Trace();
    trace.state('server', 'FIN_WAIT_1', 'server FIN');
    trace.state('server', 'TIME_WAIT', 'peer FIN-ACK');
    trace.state('client', 'CLOSE_WAIT', 'server FIN');
    trace.state('client', 'CLOSED', 'server RST');
    expect(statesOf(trace)).to.deep.equal(['FIN_WAIT_1 server FIN', 'TIME_WAIT peer FIN-ACK']);
    expect(trace.path('client')).to.have.length(2);
  });

  it('tells times from its start, in microseconds', () => {
    const trace = new Trace();
    const first = trace.now();
    trace.step('something');
    expect(trace.events[0]!.atUs).to.be.at.least(first).and.at.most(trace.now());
  });

  it('counts plain data in the middle of a long transfer, and keeps what is not plain', () => {
    const trace = new Trace();
    const segment = { seq: 1, ack: 1, window: 100, retransmission: false, state: null, bytes: '' } as const;
    for (let at = 0; at < 500; at++) {
      trace.segment({ ...segment, atUs: 2 * at, from: 'server', flags: 'A', length: 10 });
      trace.segment({ ...segment, atUs: 2 * at + 1, from: 'client', flags: 'A', length: 0 });
    }
    trace.segment({ ...segment, atUs: 1000, from: 'server', flags: 'A', length: 10, retransmission: true });
    trace.segment({ ...segment, atUs: 1001, from: 'server', flags: 'FA', length: 10 });
    const kept = trace.events.filter(({ kind }) => kind === 'segment');
    const [folded, ...more] = trace.events.filter((event) => event.kind === 'folded');
    expect(more).to.deep.equal([]);
    expect(kept.length + folded!.server.segments + folded!.client.segments).to.equal(1002);
    expect(folded).to.deep.include({
      server: { segments: 401, bytes: 4000 },
      client: { segments: 400, bytes: 0 },
      untilUs: 1000,
    });
    expect(trace.events.at(-1)).to.include({ kind: 'segment', flags: 'FA' });
  });

  it('keeps plain segments that cause a state', () => {
    const trace = new Trace();
    trace.state('server', 'SYN_RCVD', 'peer SYN');
    const segment = { seq: 1, ack: 1, window: 1, length: 0, retransmission: false, bytes: '' } as const;
    for (let at = 0; at < 300; at++)
      trace.segment({ ...segment, atUs: at, from: 'client', flags: 'A', state: 'SYN_RCVD' });
    trace.segment({ ...segment, atUs: 300, from: 'client', flags: 'A', state: 'ESTABLISHED' });
    expect(trace.events.at(-1)).to.include({ kind: 'segment', state: 'ESTABLISHED' });
  });

  it('counts faults of a kind where there are too many to tell of each', () => {
    const trace = new Trace();
    const of = (act: 'drop' | 'hold') =>
      ({ act, from: 'server', flags: 'A', seq: 1, ack: 1, window: 1, length: 9, detail: '' }) as const;
    for (let at = 0; at < 300; at++) {
      trace.fault({ ...of('drop'), atUs: 2 * at, retransmission: false });
      trace.fault({ ...of('hold'), atUs: 2 * at + 1, retransmission: false });
    }
    const faults = trace.events.filter((event) => event.kind === 'fault');
    expect(faults).to.have.lengthOf(202);
    expect(faults.reduce((sum, { packets }) => sum + packets, 0)).to.equal(600);
    expect(faults.slice(-2).map(({ act, packets }) => [act, packets])).to.deep.equal([
      ['drop', 200],
      ['hold', 200],
    ]);
  });
});
