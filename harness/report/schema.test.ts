import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { FAULT_ACTS, VERDICTS } from '#trace';
import { caseResult, fault, runResult, segment } from './testing/run.ts';

const schema = JSON.parse(
  readFileSync(new URL('../../docs/closewait.run-1.schema.json', import.meta.url), 'utf8'),
) as { $defs: { verdict: { enum: string[] } } };
// `contentEncoding` and friends annotate only.
const validate = new Ajv2020({ strict: true, allErrors: true, formats: {} }).compile(schema);

const full = runResult([
  ...VERDICTS.map((verdict) => caseResult({ verdict })),
  caseResult({
    refs: [{ issue: 'golang/go#18527' }],
    family: 6,
    plane: 'loopback',
    stateAfterUs: null,
    states: {
      server: [{ state: 'SYN_RCVD', atUs: 3.5, cause: 'peer SYN' }],
      client: [{ state: 'SYN_SENT', atUs: 0, cause: 'inferred: SYN' }],
    },
    application: ['accepted'],
    leaks: [],
    evidence: {
      ss: [],
      pcapng: 'out/a.pcapng',
      connection: {
        family: 6,
        server: { address: '2001:db8::1', port: 80 },
        client: { address: '2001:db8::2', port: 5000 },
      },
      trace: [
        segment({ flags: 'SFRPUAEC', state: 'CLOSING', seq: 0xffff_ffff }),
        segment({ flags: '' }),
        ...FAULT_ACTS.map((act) => fault({ act })),
        { kind: 'state', atUs: 1, side: 'client', state: 'LAST_ACK', cause: 'c' },
        { kind: 'application', atUs: 1, side: 'server', text: 't' },
        { kind: 'step', atUs: 1, text: 't' },
        { kind: 'witness', atUs: 1, tool: 'ss', lines: [] },
      ],
    },
  }),
]);

/** The full run with the value at a path (`cases.0.verdict`) set to another; undefined takes it away. */
function spoilt(path: string, value: unknown): unknown {
  const copy: unknown = structuredClone(full);
  const keys = path.split('.');
  const last = keys.pop()!;
  const holder = keys.reduce((at, key) => (at as Record<string, unknown>)[key], copy) as Record<
    string,
    unknown
  >;
  if (value === undefined) delete holder[last];
  else holder[last] = value;
  return copy;
}

describe('published JSON Schema', () => {
  it('holds for a run with every verdict and every kind of event', () => {
    expect(validate(full), JSON.stringify(validate.errors)).to.equal(true);
  });

  it('holds for a run of several targets, where target is null', () => {
    expect(validate(runResult([caseResult(), caseResult({ target: 'http' })]))).to.equal(true);
  });

  const wrong: [string, string, unknown][] = [
    ['another schema version', 'schema', 'closewait.run/2'],
    ['a field that is missing', 'seed', undefined],
    ['a field that nobody knows', 'cases.0.extra', 1],
    ['a verdict that is none', 'cases.0.verdict', 'passed'],
    ['a state in another spelling', 'cases.0.states.server.0.state', 'SYN-RECV'],
    ['an id that is no path', 'cases.0.id', '../etc'],
    ['an event of unknown kind', 'cases.7.evidence.trace.0.kind', 'packet'],
    ['flags out of order', 'cases.7.evidence.trace.0.flags', 'AS'],
    ['an act of no rule', 'cases.7.evidence.trace.2.act', 'lose'],
    ['a negative time', 'durationMs', -1],
    ['a local time', 'startedAt', '2026-01-02 03:04'],
  ];
  for (const [name, path, value] of wrong) {
    it(`refuses ${name}`, () => {
      expect(validate(spoilt(path, value))).to.equal(false);
    });
  }

  it('names the verdicts that the code names', () => {
    expect(schema.$defs.verdict.enum).to.deep.equal([...VERDICTS]);
  });
});
