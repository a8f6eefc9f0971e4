import { stripVTControlCharacters } from 'node:util';
import { expect } from 'chai';
import { widthOf } from './columns.ts';
import { stateTable } from './state-table.ts';
import { STATE_ORDER } from './states.ts';
import { coloured, plain } from './style.ts';
import { caseResult, runResult } from './testing/run.ts';

const all = ([4, 6] as const).flatMap((family) =>
  STATE_ORDER.map((state, at) =>
    caseResult({
      id: `states/${state.toLowerCase().replaceAll('_', '-')}`,
      family,
      stateAfterUs: at * 11 + 3,
    }),
  ),
);

describe('table of target x state', () => {
  it('has the eleven states as columns and target and family as rows', () => {
    expect(stateTable(runResult(all), { style: plain, width: 140 })).to.deep.equal([
      '           LISTEN  SYN_SENT  SYN_RCVD  ESTABLISHED  FIN_WAIT_1  FIN_WAIT_2  TIME_WAIT  CLOSING  CLOSE_WAIT  LAST_ACK  CLOSED',
      'echo IPv4  ✓ 3µs   ✓ 14µs    ✓ 25µs    ✓ 36µs       ✓ 47µs      ✓ 58µs      ✓ 69µs     ✓ 80µs   ✓ 91µs      ✓ 102µs   ✓ 113µs',
      'echo IPv6  ✓ 3µs   ✓ 14µs    ✓ 25µs    ✓ 36µs       ✓ 47µs      ✓ 58µs      ✓ 69µs     ✓ 80µs   ✓ 91µs      ✓ 102µs   ✓ 113µs',
    ]);
  });

  it('writes the names in two lines where one is too wide', () => {
    expect(stateTable(runResult(all), { style: plain, width: 100 }).slice(0, 3)).to.deep.equal([
      '                   SYN_    SYN_    ESTAB-  FIN_    FIN_    TIME_            CLOSE_  LAST_',
      '           LISTEN  SENT    RCVD    LISHED  WAIT_1  WAIT_2  WAIT    CLOSING  WAIT    ACK      CLOSED',
      'echo IPv4  ✓ 3µs   ✓ 14µs  ✓ 25µs  ✓ 36µs  ✓ 47µs  ✓ 58µs  ✓ 69µs  ✓ 80µs   ✓ 91µs  ✓ 102µs  ✓ 113µs',
    ]);
  });

  it('stands closer before it breaks', () => {
    const lines = stateTable(runResult(all), { style: coloured, width: 92 }).map(stripVTControlCharacters);
    expect(lines).to.have.length(4);
    expect(lines[2]).to.equal(
      'echo IPv4 ✓ 3µs  ✓ 14µs ✓ 25µs ✓ 36µs ✓ 47µs ✓ 58µs ✓ 69µs ✓ 80µs  ✓ 91µs ✓ 102µs ✓ 113µs',
    );
  });

  it('breaks into blocks that keep within a narrow terminal and lose no state', () => {
    const lines = stateTable(runResult(all), { style: plain, width: 60 });
    expect(Math.max(...lines.map(widthOf))).to.be.at.most(60);
    expect(lines.join('\n').match(/✓ \d+µs/g)).to.have.length(22);
  });

  it('ends even where not one column fits', () => {
    expect(
      stateTable(runResult(all), { style: plain, width: 5 })
        .join('\n')
        .match(/✓ \d+µs/g),
    ).to.have.length(22);
  });

  it('marks each verdict differently, and leaves a case that was not run empty', () => {
    const cases = [
      caseResult({ verdict: 'fail' }),
      caseResult({ id: 'states/syn-sent', verdict: 'unsupported', reason: 'never dials' }),
      caseResult({ id: 'states/syn-rcvd', verdict: 'skipped', reason: 'needs the wire' }),
      caseResult({ id: 'states/closed', verdict: 'inconclusive' }),
      caseResult({ id: 'states/closed', target: 'http' }),
    ];
    expect(stateTable(runResult(cases), { style: plain, width: 100 })).to.deep.equal([
      '           LISTEN  SYN_SENT  SYN_RCVD  CLOSED',
      'echo IPv4  ✗       –         skip      ?',
      'http IPv4                              ✓ 14µs',
      '? what was seen does not decide, – not with this server, skip not on this machine or plane',
    ]);
  });

  it('with repeats shows the worst, and for passes the median time', () => {
    const times = [
      caseResult({ stateAfterUs: 30 }),
      caseResult({ stateAfterUs: 10 }),
      caseResult({ stateAfterUs: 20 }),
    ];
    expect(stateTable(runResult(times), { style: plain, width: 100 })[1]).to.equal('echo IPv4  ✓ 20µs');
    const flaky = [...times, caseResult({ verdict: 'fail' })];
    expect(stateTable(runResult(flaky), { style: plain, width: 100 })[1]).to.equal('echo IPv4  ✗');
  });

  it('is empty for a run of other cases', () => {
    expect(
      stateTable(runResult([caseResult({ id: 'close/rebind' })]), { style: plain, width: 100 }),
    ).to.deep.equal([]);
  });
});
