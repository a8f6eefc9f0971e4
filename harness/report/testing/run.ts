import { summarize, type CaseResult, type FaultEvent, type RunResult, type SegmentEvent } from '#trace';

/** A passed case, with what a test wants otherwise. */
export function caseResult(changes: Partial<CaseResult> = {}): CaseResult {
  return {
    id: 'states/listen',
    title: 'a started server listens',
    level: 'must',
    refs: [{ rfc: 9293, section: '3.3.2', quote: 'LISTEN - represents waiting for a connection request.' }],
    target: 'echo',
    family: 4,
    plane: 'wire',
    verdict: 'pass',
    reason: '',
    expected: 'LISTEN',
    actual: 'LISTEN',
    durationMs: 1.25,
    stimulus: 'started',
    stateAfterUs: 14.2,
    states: { server: [{ state: 'LISTEN', atUs: 14.2, cause: 'listen()' }], client: [] },
    application: null,
    faults: [],
    leaks: null,
    waits: '',
    evidence: {
      ss: ['LISTEN 0 511 198.18.0.1:7000 0.0.0.0:*'],
      pcapng: null,
      connection: null,
      trace: [],
    },
    ...changes,
  };
}

/** A run of these cases. */
export function runResult(cases: readonly CaseResult[], changes: Partial<RunResult> = {}): RunResult {
  const names = [...new Set(cases.map(({ target }) => target))];
  const targets = names.map((name) => ({ name, version: '1.0', command: ['node', `${name}.js`] }));
  return {
    schema: 'closewait.run/1',
    tool: { name: 'closewait', version: '0.1.0' },
    target: targets.length === 1 ? targets[0]! : null,
    targets,
    environment: {
      plane: 'wire',
      planeReason: '',
      os: 'Linux',
      kernel: '6.18.0',
      node: '20.20.2',
      user: 'root',
      link: 'tun',
      ss: 'ss utility, iproute2-6.1.0',
      sysctls: { 'net.ipv4.tcp_fin_timeout': '60' },
    },
    seed: 42,
    startedAt: '2026-01-02T03:04:05.678Z',
    durationMs: 1310,
    cases,
    summary: summarize(cases),
    ...changes,
  };
}

/** A segment; `flags` in the order SFRPUA. */
export function segment(changes: Partial<SegmentEvent> = {}): SegmentEvent {
  return {
    kind: 'segment',
    atUs: 0,
    from: 'client',
    flags: 'A',
    seq: 0,
    ack: 0,
    window: 64240,
    length: 0,
    retransmission: false,
    state: null,
    bytes: '',
    ...changes,
  };
}

/** What a rule of the wire did to a packet. */
export function fault(changes: Partial<FaultEvent> = {}): FaultEvent {
  return {
    kind: 'fault',
    atUs: 0,
    act: 'drop',
    from: 'client',
    flags: 'A',
    seq: 0,
    ack: 0,
    window: 64240,
    length: 0,
    retransmission: false,
    detail: '',
    packets: 1,
    ...changes,
  };
}
