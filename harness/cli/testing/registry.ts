import { EventEmitter } from 'node:events';
import type { CaseInfo, RunListener, RunPlan } from '#case';
import type { Learned, TargetDefinition } from '#target';
import { summarize, type CaseResult, type RunResult, type Verdict } from '#trace';

/** A target that is installed, unless `version` is null. Nothing starts it. */
export function target(
  name: string,
  version: string | null = '1.0',
  changes: Partial<TargetDefinition> = {},
): TargetDefinition {
  return {
    name,
    title: `the server ${name}`,
    install: `apt-get install ${name}`,
    find: () => (version === null ? null : { program: `/usr/bin/${name}`, version }),
    plan: () => ({ command: [name] }),
    ready: 'tcp',
    greeting: { send: 'a', reply: /a/ },
    traits: {},
    ...changes,
  };
}

export function caseInfo(id: string, changes: Partial<CaseInfo> = {}): CaseInfo {
  return {
    id,
    title: `the title of ${id}`,
    level: 'must',
    refs: [
      { rfc: 9293, section: '3.6', quote: 'CLOSE is an operation meaning "I have no more data to send."' },
    ],
    tags: ['state'],
    steps: ['Connect.', 'Send a FIN.'],
    expected: 'CLOSE_WAIT',
    why: 'The server has not closed yet.',
    planes: ['wire', 'loopback'],
    slow: false,
    ...changes,
  };
}

/** What a fake run was asked, and what it is to answer. */
export interface FakeRun {
  readonly plans: RunPlan[];
  readonly exec: unknown[];
  readonly attached: unknown[];
  /** What was learned of, and how. */
  readonly probed: unknown[];
  findings: Learned['findings'];
  /** Verdicts of the cases, in turn; pass when there are no more. */
  verdicts: Verdict[];
  /** Called before the results are made. */
  during: (plan: RunPlan) => void | Promise<void>;
}

/** A registry whose run makes a result for every case, target, family and repeat without touching a server. */
export function fakeRegistry() {
  const fake: FakeRun = {
    plans: [],
    exec: [],
    attached: [],
    probed: [],
    findings: [],
    verdicts: [],
    during: () => {},
  };
  const registry = {
    version: '0.1.0',
    targets: [target('echo'), target('nginx', '1.24.0'), target('redis', null), target('squid', '5.7')],
    core: ['echo', 'nginx', 'redis'],
    cases: [
      caseInfo('close/rebind', { level: 'should', tags: ['close'], planes: ['loopback'] }),
      caseInfo('states/close-wait'),
      caseInfo('states/fin-wait-1'),
      caseInfo('states/fin-wait-2'),
      caseInfo('states/fin-wait-2-lasts', { level: 'robustness' }),
      caseInfo('states/time-wait-lasts', {
        slow: true,
        tags: ['timer'],
        lasts: { ms: 60_800, why: 'TIME_WAIT is a minute' },
      }),
    ],
    run: async (plan: RunPlan, listener: RunListener) => {
      fake.plans.push(plan);
      await fake.during(plan);
      return makeRun(plan, listener, fake.verdicts);
    },
    execTarget: (options: { command: string }) => {
      fake.exec.push(options);
      return target('server', '', { speaks: 'unknown' });
    },
    attachTarget: (endpoint: { address: string; port: number }, told: object, like?: TargetDefinition) => {
      fake.attached.push({ ...endpoint, ...told, ...(like === undefined ? {} : { like: like.name }) });
      return target(`${endpoint.address}:${endpoint.port}`);
    },
    learn: async (definition: TargetDefinition, options: object): Promise<Learned> => {
      const { name, traits } = definition;
      fake.probed.push({ name, ...options });
      return {
        target: { name, version: '1.0', command: ['sh', `run ${name}`] },
        traits,
        findings: fake.findings,
      };
    },
    doctor: () => ({
      items: [
        { name: 'user namespaces', ok: true, detail: 'allowed', remedy: '' },
        { name: '/dev/net/tun', ok: false, detail: 'mode 0600', remedy: 'chmod 666 /dev/net/tun' },
      ],
      plane: 'wire' as 'wire' | null,
    }),
  };
  return { fake, registry };
}

function makeRun(plan: RunPlan, listener: RunListener, verdicts: Verdict[]): RunResult {
  const cases: CaseResult[] = [];
  const environment: RunResult['environment'] = {
    plane: 'loopback',
    planeReason: '',
    os: 'Linux',
    kernel: '6.18.0',
    node: '20.20.2',
    user: 'ordinary',
    link: 'none',
    ss: '',
    sysctls: {},
  };
  listener.runStarted?.({
    environment,
    total: plan.targets.length * plan.cases.length * plan.families.length * plan.repeat,
  });
  for (const { name } of plan.targets) {
    listener.targetReady?.({ name, version: '1.0', command: [name] }, 5);
    for (const info of plan.cases) {
      for (const family of plan.families) {
        for (let at = 0; at < plan.repeat; at++) {
          listener.caseStarted?.(info.id, name, family);
          const result = makeResult(info, name, family, verdicts.shift() ?? 'pass');
          cases.push(result);
          listener.caseEnded?.(result);
        }
      }
    }
  }
  const targets = plan.targets.map(({ name }) => ({ name, version: '1.0', command: [name] }));
  return {
    schema: 'closewait.run/1',
    tool: { name: 'closewait', version: '0.1.0' },
    target: targets.length === 1 ? targets[0]! : null,
    targets,
    environment,
    seed: plan.seed,
    startedAt: '2026-01-02T03:04:05.678Z',
    durationMs: 12,
    cases,
    summary: summarize(cases),
  };
}

function makeResult(
  { id, title, level, refs, expected }: CaseInfo,
  name: string,
  family: 4 | 6,
  verdict: Verdict,
): CaseResult {
  return {
    id,
    title,
    level,
    refs,
    target: name,
    family,
    plane: 'loopback',
    verdict,
    reason: verdict === 'pass' ? '' : `the reason for ${verdict}`,
    expected,
    actual: verdict === 'pass' ? expected : 'ESTABLISHED',
    durationMs: 1,
    stimulus: 'FIN',
    stateAfterUs: 20,
    states: { server: [], client: [] },
    application: null,
    faults: [],
    leaks: null,
    waits: '',
    evidence: { ss: ['ESTAB 0 0 a b'], pcapng: null, connection: null, trace: [] },
  };
}

/** Streams that keep what is written, and signals that a test can send. */
export function fakeIo() {
  const [out, err]: [string[], string[]] = [[], []];
  const signals = new EventEmitter();
  return {
    stdout: { write: (text: string) => out.push(text) },
    stderr: { write: (text: string) => err.push(text) },
    signals,
    out: () => out.join(''),
    err: () => err.join(''),
  };
}
