import { stripVTControlCharacters } from 'node:util';
import { expect } from 'chai';
import { againCommand } from './again.ts';
import { coloured, plain } from './style.ts';
import { renderRun } from './terminal.ts';
import { caseResult, runResult, segment } from './testing/run.ts';

const view = { style: plain, width: 100 };

const stuck = caseResult({
  id: 'close/half-close/closes-in-time',
  refs: [{ rfc: 9293, section: '3.6' }],
  verdict: 'fail',
  reason: 'the application never called close()',
  expected: 'the server leaves CLOSE_WAIT within 2000 ms',
  actual: 'it stayed in CLOSE_WAIT for 2000 ms',
  states: { server: [{ state: 'CLOSE_WAIT', atUs: 0, cause: 'peer FIN' }], client: [] },
  leaks: ['1 socket in CLOSE_WAIT'],
  evidence: {
    ss: ['CLOSE-WAIT 1 0 198.18.0.1:80 198.18.0.2:51234 users:(("server",pid=4711,fd=9))'],
    pcapng: 'out/case.pcapng',
    connection: {
      family: 4,
      server: { address: '198.18.0.1', port: 80 },
      client: { address: '198.18.0.2', port: 51234 },
    },
    trace: [
      segment({ flags: 'FA', seq: 101, ack: 501, state: 'CLOSE_WAIT' }),
      segment({ atUs: 200, from: 'server', seq: 501, ack: 102, state: 'CLOSE_WAIT' }),
    ],
  },
});

describe('terminal report', () => {
  it('of a passed run: where it ran, the evidence, the table, the summary', () => {
    const six = caseResult({
      family: 6,
      stateAfterUs: 1234,
      evidence: { ...caseResult().evidence, ss: ['LISTEN 0 511 [2001:db8::1]:7000 [::]:*   '] },
    });
    expect(renderRun(runResult([caseResult(), six]), view)).to.equal(`\
closewait 0.1.0, wire (tun), Linux 6.18.0, Node 20.20.2, ss utility, iproute2-6.1.0, as root,
  seed 42

echo 1.0   node echo.js
  LISTEN       started
    ✓ IPv4 14µs   LISTEN 0 511 198.18.0.1:7000 0.0.0.0:*
    ✓ IPv6 1.2ms  LISTEN 0 511 [2001:db8::1]:7000 [::]:*

           LISTEN
echo IPv4  ✓ 14µs
echo IPv6  ✓ 1.2ms

2 passed, 0 failed, 0 skipped in 1.3s
`);
  });

  it('of a failure: expected, actual, timeline, evidence and the command to run it again', () => {
    const text = renderRun(runResult([stuck]), view);
    expect(text).to.include(`
✗ close/half-close/closes-in-time   echo IPv4   MUST   RFC 9293 §3.6   seed 42
  expected: the server leaves CLOSE_WAIT within 2000 ms
  actual:   it stayed in CLOSE_WAIT for 2000 ms
  reason:   the application never called close()
  server 198.18.0.1:80 < client 198.18.0.2:51234
     0.000 ms  peer   FIN,ACK seq 1 ack 1 win 64240  ->  server  CLOSE_WAIT     <- here it stays
     0.200 ms         <-  ACK seq 1 ack 2 win 64240      server  CLOSE_WAIT
  ss: CLOSE-WAIT 1 0 198.18.0.1:80 198.18.0.2:51234 users:(("server",pid=4711,fd=9))
  left behind: 1 socket in CLOSE_WAIT
  again: closewait run echo close/half-close/closes-in-time --family 4 --seed 42     packets: out/case.pcapng
`);
    expect(text).to.match(/\n0 passed, 1 failed, 0 skipped in 1\.3s\n$/);
  });

  it('points at no state where the case saw the one that it is about, and failed for another reason', () => {
    const evidence = { ...stuck.evidence, ss: ['CLOSE-WAIT 1 0 a b'] };
    const leaking = { ...stuck, actual: 'CLOSE_WAIT', reason: 'it leaks: 1 more file descriptor', evidence };
    expect(renderRun(runResult([leaking]), view)).to.not.include('here it stays');
    const unseen = { ...leaking, evidence: { ...evidence, ss: [] } };
    expect(renderRun(runResult([unseen]), view)).to.include('here it stays');
  });

  it('leaves out what was found where nothing was', () => {
    const text = renderRun(runResult([{ ...stuck, verdict: 'inconclusive', actual: '' }]), view);
    expect(text).to.not.include('actual:');
  });

  it('says once why a state was not tried, and breaks long reasons under each other', () => {
    const skipped = { verdict: 'skipped', stimulus: '', reason: 'long '.repeat(30).trim() } as const;
    const text = renderRun(runResult([caseResult(skipped), caseResult({ ...skipped, family: 6 })], {}), {
      ...view,
      width: 60,
    });
    expect(text).to.include('  LISTEN       skip IPv4, IPv6: the reason stands below\n');
    const [first = '', second = ''] = text.split('\n').filter((line) => line.includes('long long'));
    expect(first.length).to.be.within(50, 60);
    expect([first, second].map((line) => line.indexOf('long'))).to.deep.equal([6, 6]);
  });

  it('tells that nothing is left where CLOSED has no line', () => {
    const closed = caseResult({ id: 'states/closed', evidence: { ...caseResult().evidence, ss: [] } });
    expect(renderRun(runResult([closed]), view)).to.include(
      '✓ IPv4 14µs  no line: nothing is left on the port',
    );
  });

  it('tells once what many cases have to say that never began', () => {
    const gone = caseResult({
      id: 'states/closing',
      verdict: 'inconclusive',
      reason: 'it accepts no connection',
    });
    const six = { ...gone, family: 6 } as const;
    const text = renderRun(runResult([gone, six, { ...gone, id: 'states/closed' }]), view);
    expect(text.match(/reason: /g)).to.have.length(1);
    expect(text).to.include('\n  the same: states/closing on IPv6, states/closed on IPv4\n');
  });

  it('shows repeats that fail once, with their number', () => {
    const text = renderRun(runResult([stuck, caseResult({ id: stuck.id }), stuck]), view);
    expect(text.match(/expected:/g)).to.have.length(1);
    expect(text).to.include('seed 42   2 of 3 repeats');
  });

  it('shortens a long timeline in the middle', () => {
    const trace = Array.from({ length: 200 }, (_, at) => ({
      kind: 'step' as const,
      atUs: at * 1000,
      text: `step ${at}`,
    }));
    const text = renderRun(runResult([{ ...stuck, evidence: { ...stuck.evidence, trace } }]), view);
    expect(text).to.include(
      'step: step 29\n               … 140 lines more in the JSON result\n   170.000 ms  step: step 170',
    );
  });

  it('of an inconclusive case: told like a failure, counted apart', () => {
    const text = renderRun(runResult([{ ...stuck, verdict: 'inconclusive' }]), view);
    expect(text).to.include('\n? close/half-close/closes-in-time');
    expect(text).to.not.include('here it stays');
    expect(text).to.include('0 passed, 0 failed, 0 skipped, 1 inconclusive');
  });

  it('lists of several targets what did not simply pass, with the reason', () => {
    const text = renderRun(
      runResult([
        caseResult({ id: 'close/idle-fin', durationMs: 4 }),
        caseResult({ id: 'close/idle-fin', target: 'http', verdict: 'info', reason: 'closed after 4 ms' }),
        caseResult({
          id: 'close/idle-fin',
          target: 'http',
          verdict: 'info',
          reason: 'closed after 5 ms',
          family: 6,
          durationMs: 12,
        }),
      ]),
      view,
    );
    expect(text).to.include(`
Other cases
echo: 1 of 1 passed
http: 0 of 2 passed
  close/idle-fin  info IPv4 1.3ms  info IPv6 12ms
      closed after 4 ms
`);
  });

  it('lists each case of a target alone with its time, and what long ones wait for', () => {
    const waits = 'tcp_fin_timeout is 1 s at the least';
    const text = renderRun(
      runResult([
        caseResult({ id: 'states/fin-wait-2-lasts', durationMs: 1004, waits }),
        caseResult({ id: 'states/fin-wait-2-lasts', durationMs: 999, family: 6, waits }),
        caseResult({ id: 'close/idle-fin', durationMs: 4, waits }),
      ]),
      view,
    );
    expect(text).to.include(`
Other cases
echo: 3 of 3 passed
  states/fin-wait-2-lasts  ✓ IPv4 1.0s   ✓ IPv6 999ms  ${waits}
  close/idle-fin           ✓ IPv4 4.0ms
`);
  });

  it('groups what was skipped by its reason', () => {
    const reason = 'needs the wire: run as root, or allow user namespaces';
    const skipped = { verdict: 'skipped', reason, stateAfterUs: null } as const;
    const text = renderRun(
      runResult([
        caseResult({ ...skipped, id: 'states/syn-rcvd' }),
        caseResult({ ...skipped, id: 'states/syn-rcvd', family: 6 }),
        caseResult({ ...skipped, id: 'states/syn-rcvd', target: 'redis' }),
        caseResult({ ...skipped, id: 'states/syn-rcvd', target: 'redis', family: 6 }),
        caseResult({ ...skipped, id: 'states/closing', target: 'http' }),
      ]),
      view,
    );
    expect(text).to.include(`
skip  ${reason}
      - states/syn-rcvd: echo, redis on IPv4 and IPv6
      - states/closing: http on IPv4
`);
    expect(text).to.include('0 passed, 0 failed, 5 skipped');
  });

  it('says why a target does not do a state, beside the state', () => {
    const text = renderRun(
      runResult([
        caseResult({
          id: 'states/syn-sent',
          verdict: 'unsupported',
          reason: 'it never dials out',
          stimulus: '',
          stateAfterUs: null,
          evidence: { ...caseResult().evidence, ss: [] },
        }),
      ]),
      view,
    );
    expect(text).to.include('  SYN_SENT     – IPv4: it never dials out\n');
    expect(text).to.include('\n– not with this server\n');
    expect(text).to.include('1 unsupported');
  });

  it('tells why a run was not on the wire, and what was left out', () => {
    const run = runResult([caseResult()]);
    const environment = { ...run.environment, plane: 'loopback', planeReason: 'no user namespaces' } as const;
    const text = renderRun(
      { ...run, environment },
      { ...view, notes: ['left out as slow: states/time-wait-lasts'] },
    );
    expect(text).to.include('closewait 0.1.0, loopback, Linux');
    expect(text).to.include('\nnot on the wire: no user namespaces\n');
    expect(text).to.include('\n\nleft out as slow: states/time-wait-lasts\n1 passed');
  });

  it('lets no server script the terminal, whichever text of the result holds its bytes', () => {
    const evil = '\x1b[2J\x07\r\x9b';
    const hostile = (value: unknown): unknown => {
      if (typeof value === 'string') return `${value}${evil}`;
      if (Array.isArray(value)) return value.map(hostile);
      if (value === null || typeof value !== 'object') return value;
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [
          key,
          ['verdict', 'kind', 'from', 'level'].includes(key) ? item : hostile(item),
        ]),
      );
    };
    const run = runResult([
      caseResult(),
      { ...stuck, id: 'a/b' },
      caseResult({ id: 'c/d', verdict: 'skipped', reason: 'x' }),
    ]);
    const text = renderRun(hostile(run) as typeof run, view);
    expect(text.replaceAll('\n', '')).to.match(/^\P{Cc}+$/u);
    expect(text).to.include('\\x1b[2J\\x07\\x0d\\x9b');
  });

  it('says the same with and without colour', () => {
    const run = runResult([
      caseResult(),
      stuck,
      caseResult({ id: 'states/closed', verdict: 'skipped', reason: 'r' }),
    ]);
    const inColour = renderRun(run, { ...view, style: coloured });
    expect(inColour).to.include('\x1b[');
    expect(stripVTControlCharacters(inColour)).to.equal(renderRun(run, view));
  });

  it('never breaks a line of evidence', () => {
    const long = `ESTAB 0 0 198.18.0.1:80 198.18.0.2:5000 users:(("${'x'.repeat(200)}",pid=1,fd=3))`;
    const result = caseResult({ evidence: { ...caseResult().evidence, ss: [long] } });
    expect(renderRun(runResult([result]), { style: plain, width: 40 })).to.include(long);
  });
});

describe('the command to run a case again', () => {
  it('quotes words for a shell', () => {
    const text = againCommand(stuck, 7, { target: ['--exec', "node it's.js {port}"], flags: ['--slow'] });
    expect(text).to.equal(
      "closewait run --exec 'node it'\\''s.js {port}' close/half-close/closes-in-time --family 4 --seed 7 --slow",
    );
  });
});
