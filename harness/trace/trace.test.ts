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
});
