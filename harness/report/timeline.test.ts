import { expect } from 'chai';
import { fault, segment } from './testing/run.ts';
import { renderTimeline } from './timeline.ts';

describe('timeline', () => {
  it('shows segments with arrows, numbers relative to each side, and the state each caused', () => {
    const lines = renderTimeline([
      segment({ flags: 'S', seq: 0xffff_ffff, state: 'SYN_RCVD' }),
      segment({ atUs: 21, from: 'server', flags: 'SA', seq: 7000, ack: 0, state: 'SYN_RCVD' }),
      segment({ atUs: 40.4, flags: 'A', seq: 0, ack: 7001, state: 'ESTABLISHED' }),
      segment({ atUs: 1200, flags: 'PA', seq: 0, ack: 7001, length: 18, window: 0 }),
      segment({ atUs: 2000, flags: 'FA', seq: 18, ack: 7001, retransmission: true, state: 'CLOSE_WAIT' }),
    ]);
    expect(lines).to.deep.equal([
      '     0.000 ms  peer   SYN seq 0 win 64240                   ->  server  SYN_RCVD',
      '     0.021 ms         <-  SYN,ACK seq 0 ack 1 win 64240         server  SYN_RCVD',
      '     0.040 ms  peer   ACK seq 1 ack 1 win 64240             ->  server  ESTABLISHED',
      '     1.200 ms  peer   PSH,ACK seq 1 ack 1 len 18 win 0      ->  server',
      '     2.000 ms  peer   FIN,ACK seq 19 ack 1 win 64240 again  ->  server  CLOSE_WAIT',
    ]);
  });

  it('tells a state once: by its segment, or in a line of its own with its cause', () => {
    const lines = renderTimeline([
      segment({ flags: 'S', seq: 5, state: 'SYN_RCVD' }),
      { kind: 'state', atUs: 1, side: 'server', state: 'SYN_RCVD', cause: 'peer SYN' },
      { kind: 'state', atUs: 2, side: 'server', state: 'CLOSED', cause: 'deadline' },
      { kind: 'state', atUs: 3, side: 'client', state: 'CLOSED', cause: 'inferred: RST' },
    ]);
    expect(lines.slice(1)).to.deep.equal([
      '     0.002 ms  server  CLOSED  (deadline)',
      '     0.003 ms  client  CLOSED  (inferred: RST)',
    ]);
  });

  it('shows the states that a segment led through together', () => {
    const lines = renderTimeline([
      segment({ flags: 'A', seq: 5, ack: 9, state: 'ESTABLISHED' }),
      segment({ atUs: 1, flags: 'FA', seq: 5, ack: 9, state: 'LAST_ACK' }),
      { kind: 'state', atUs: 1, side: 'server', state: 'CLOSE_WAIT', cause: 'inferred: peer FIN' },
      { kind: 'state', atUs: 1, side: 'server', state: 'LAST_ACK', cause: 'peer FIN' },
      segment({ atUs: 2, from: 'server', flags: 'FA', seq: 9, ack: 6, state: 'LAST_ACK' }),
    ]);
    expect(lines.map((line) => line.replace(/.*server {2}/, ''))).to.deep.equal([
      'ESTABLISHED',
      'CLOSE_WAIT → LAST_ACK',
      'LAST_ACK',
    ]);
  });

  it('shows steps, applications and witnesses in their place', () => {
    const lines = renderTimeline([
      { kind: 'step', atUs: 0, text: 'connect' },
      { kind: 'application', atUs: 10, side: 'server', text: 'accepted' },
      { kind: 'witness', atUs: 20, tool: 'ss', lines: ['ESTAB 0 0 a b', 'LISTEN 0 5 a *'] },
      { kind: 'witness', atUs: 30, tool: 'netstat', lines: [] },
    ]);
    expect(lines).to.deep.equal([
      '     0.000 ms  step: connect',
      '     0.010 ms  server application: accepted',
      '     0.020 ms  ss: ESTAB 0 0 a b',
      '               ss: LISTEN 0 5 a *',
      '     0.030 ms  netstat: no line',
    ]);
  });

  it('shows what a rule of the wire did, and a client of a kernel by that name', () => {
    const lines = renderTimeline([
      { kind: 'state', atUs: 0, side: 'client', state: 'SYN_SENT', cause: 'client connect()' },
      fault({ flags: 'S', seq: 7000 }),
      segment({ atUs: 20, flags: 'S', seq: 7000, retransmission: true, state: 'SYN_RCVD' }),
      fault({ atUs: 30, act: 'hold', from: 'server', flags: 'SA', seq: 90, ack: 7001 }),
      fault({ atUs: 40, act: 'delay', from: 'server', flags: 'SA', seq: 90, ack: 7001, detail: 'by 2.0 ms' }),
      fault({ atUs: 50, act: 'duplicate', seq: 7001, ack: 91, packets: 3 }),
    ]);
    expect(lines).to.deep.equal([
      '     0.000 ms  client  SYN_SENT  (client connect())',
      '     0.000 ms  client SYN seq 0 win 64240            x           dropped',
      '     0.020 ms  client SYN seq 0 win 64240 again      ->  server  SYN_RCVD',
      '     0.030 ms         x   SYN,ACK seq 0 ack 1 win 64240  server  held',
      '     0.040 ms         x   SYN,ACK seq 0 ack 1 win 64240  server  delayed by 2.0 ms',
      '     0.050 ms  client ACK seq 1 ack 1 win 64240      x           duplicated (and 2 more from here on)',
    ]);
  });

  it('points at the entry into the state in which the server stayed', () => {
    const trace = [
      segment({ flags: 'FA', seq: 1, ack: 1, state: 'CLOSE_WAIT' }),
      segment({ atUs: 9, from: 'server', seq: 1, ack: 2, state: 'CLOSE_WAIT' }),
    ];
    expect(
      renderTimeline(trace, { stays: 'CLOSE_WAIT' }).map((line) => line.includes('<- here it stays')),
    ).to.deep.equal([true, false]);
    expect(renderTimeline(trace, { stays: 'LAST_ACK' }).join()).to.not.include('here it stays');
  });

  it('starts anew at a new SYN, and counts from 1 where no SYN was seen', () => {
    const lines = renderTimeline([
      segment({ flags: 'A', seq: 900, ack: 50 }),
      segment({ flags: 'S', seq: 4000 }),
      segment({ from: 'server', flags: 'SA', seq: 80, ack: 4001 }),
    ]);
    expect(lines.map((line) => /seq \d+( ack \d+)?/.exec(line)?.[0])).to.deep.equal([
      'seq 1 ack 1',
      'seq 0',
      'seq 0 ack 1',
    ]);
  });
});
