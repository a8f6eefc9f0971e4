import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { VERDICTS, type RunResult } from '#trace';
import { caseResult, runResult, segment } from './testing/run.ts';

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
        { kind: 'state', atUs: 1, side: 'client', state: 'LAST_ACK', cause: 'c' },
        { kind: 'application', atUs: 1, side: 'server', text: 't' },
        { kind: 'step', atUs: 1, text: 't' },
        { kind: 'witness', atUs: 1, tool: 'ss', lines: [] },
      ],
    },
  }),
]);

/** The run with one thing spoilt. */
function spoilt(change: (run: Record<string, any>) => void): RunResult {
  const copy = structuredClone(full) as unknown as Record<string, any>;
  change(copy);
  return copy as unknown as RunResult;
}

describe('published JSON Schema', () => {
  it('holds for a run with every verdict and every kind of event', () => {
    expect(validate(full), JSON.stringify(validate.errors)).to.equal(true);
  });

  it('holds for a run of several targets, where target is null', () => {
    expect(validate(runResult([caseResult(), caseResult({ target: 'http' })]))).to.equal(true);
  });

  const wrong: Record<string, (run: Record<string, any>) => void> = {
    'another schema version': (run) => (run['schema'] = 'closewait.run/2'),
    'a field that is missing': (run) => delete run['seed'],
    'a field that nobody knows': (run) => (run['cases'][0].extra = 1),
    'a verdict that is none': (run) => (run['cases'][0].verdict = 'passed'),
    'a state in another spelling': (run) => (run['cases'][0].states.server[0].state = 'SYN-RECV'),
    'an id that is no path': (run) => (run['cases'][0].id = '../etc'),
    'an event of unknown kind': (run) => (run['cases'].at(-1).evidence.trace[0].kind = 'packet'),
    'a negative time': (run) => (run['durationMs'] = -1),
    'flags out of order': (run) => (run['cases'].at(-1).evidence.trace[0].flags = 'AS'),
    'a local time': (run) => (run['startedAt'] = '2026-01-02 03:04'),
  };
  for (const [name, change] of Object.entries(wrong)) {
    it(`refuses ${name}`, () => expect(validate(spoilt(change))).to.equal(false));
  }

  it('names the verdicts that the code names', () => {
    expect(schema.$defs.verdict.enum).to.deep.equal([...VERDICTS]);
  });
});
