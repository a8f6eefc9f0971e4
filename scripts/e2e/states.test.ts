import { expect } from 'chai';
import { STATES, type State } from '#tcp';
import type { CaseResult, RunResult } from '#trace';
import { closewait, type Outcome } from './testing/command.ts';
import { schemaErrors } from './testing/schema.ts';
import { casesWith, nameOf, notPassed } from './testing/verdicts.ts';

/** As ss writes them. CLOSED is no socket: what is listed then is the listener. */
const IN_SS: Readonly<Record<State, string>> = {
  LISTEN: 'LISTEN',
  SYN_SENT: 'SYN-SENT',
  SYN_RCVD: 'SYN-RECV',
  ESTABLISHED: 'ESTAB',
  FIN_WAIT_1: 'FIN-WAIT-1',
  FIN_WAIT_2: 'FIN-WAIT-2',
  CLOSE_WAIT: 'CLOSE-WAIT',
  CLOSING: 'CLOSING',
  LAST_ACK: 'LAST-ACK',
  TIME_WAIT: 'TIME-WAIT',
  CLOSED: 'LISTEN',
};

function idOf(state: State): string {
  return `states/${state.toLowerCase().replaceAll('_', '-')}`;
}

/** Where the segments of a case can lead (RFC 9293, figure 5, and the edge that its text has besides); a reset to CLOSED from all. */
const EDGES: Readonly<Record<State, readonly State[]>> = {
  LISTEN: ['SYN_RCVD'],
  SYN_SENT: ['SYN_RCVD', 'ESTABLISHED'],
  SYN_RCVD: ['ESTABLISHED', 'FIN_WAIT_1', 'LISTEN'],
  ESTABLISHED: ['FIN_WAIT_1', 'CLOSE_WAIT'],
  FIN_WAIT_1: ['FIN_WAIT_2', 'CLOSING', 'TIME_WAIT'],
  FIN_WAIT_2: ['TIME_WAIT'],
  CLOSE_WAIT: ['LAST_ACK'],
  CLOSING: ['TIME_WAIT'],
  LAST_ACK: [],
  TIME_WAIT: [],
  CLOSED: ['LISTEN', 'SYN_SENT'],
};

/** The steps of a path that are no edge. */
function jumps({ states }: CaseResult): string[] {
  const path = states.server.map(({ state }) => state);
  return path.slice(1).flatMap((state, at) => {
    const before = path[at]!;
    return state === 'CLOSED' || EDGES[before].includes(state) ? [] : [`${before} → ${state}`];
  });
}

describe('closewait run, on the wire', function () {
  this.timeout(60_000);

  const targets = ['nginx', 'redis', 'http', 'echo'] as const;
  let outcomes: readonly Outcome[];
  before(async () => {
    outcomes = await Promise.all(targets.map((target) => closewait('run', target, 'states/**')));
  });

  for (const [index, target] of targets.entries()) {
    describe(target, () => {
      let outcome: Outcome;
      let run: RunResult;
      before(() => {
        outcome = outcomes[index]!;
        run = outcome.result;
      });

      it('passes every case on both families, exits 0 and leaves nothing behind', () => {
        expect(notPassed(run)).to.deep.equal([]);
        expect(run.summary).to.include({ pass: 26, total: 26 });
        expect(outcome).to.deep.include({ code: 0, stderr: '', remains: [] });
        expect(outcome.stdout).to.match(/^26 passed, 0 failed, 0 skipped in /m);
      });

      it('writes what the published schema says', () => {
        expect(schemaErrors(run)).to.deep.equal([]);
      });

      for (const state of STATES) {
        it(`shows ${state} in ss, on IPv4 and IPv6, and on the path`, () => {
          const cases = run.cases.filter(({ id }) => id === idOf(state));
          expect(cases.map(({ family }) => family)).to.deep.equal([4, 6]);
          for (const { evidence, actual, states, family } of cases) {
            const address = family === 4 ? /198\.18\.0\.1:\d/ : /\[2001:db8::1\]:\d/;
            expect(evidence.ss, 'lines of ss').to.have.length.above(0);
            expect(evidence.ss.map((line) => line.split(/\s/, 1)[0])).to.include(IN_SS[state]);
            expect(evidence.ss.join('\n')).to.match(address);
            expect(actual).to.equal(state);
            expect(states.server.map((entry) => entry.state)).to.include(state);
          }
        });
      }

      it('begins every path at LISTEN, or at CLOSED where the server dials, and goes by the edges of the RFC', () => {
        for (const result of run.cases) {
          const first = result.id === 'states/syn-sent' ? 'CLOSED' : 'LISTEN';
          expect(result.states.server[0]?.state, nameOf(result)).to.equal(first);
          expect(jumps(result), nameOf(result)).to.deep.equal([]);
        }
      });
    });
  }

  describe('again', () => {
    /** What is ours to choose in a case: the peer's end and its first sequence number. */
    const chosen = ({ cases }: RunResult): string[] =>
      cases.map((result) => {
        const syn = result.evidence.trace.find(
          (event) => event.kind === 'segment' && event.from === 'client',
        );
        const { client } = result.evidence.connection ?? {};
        return `${nameOf(result)} ${client?.address} ${client?.port} ${syn?.kind === 'segment' ? syn.seq : ''}`;
      });
    const seeded = async (seed: string): Promise<string[]> => {
      // Of a connection that the server opens, the ends are not ours to choose.
      const left = ['--exclude=states/syn-sent', '--exclude=states/fin-wait-2-lasts'];
      const { code, result } = await closewait('run', 'echo', 'states', ...left, '--seed', seed);
      expect({ code, seed: result.seed }).to.deep.equal({ code: 0, seed: Number(seed) });
      return chosen(result);
    };

    it('--seed gives the same ends and sequence numbers, another seed gives others', async () => {
      const [one, same, other] = await Promise.all([seeded('7'), seeded('7'), seeded('8')]);
      // Ten of the cases have a connection.
      expect(one.filter((text) => /\d \d+$/.test(text))).to.have.length(20);
      expect(same).to.deep.equal(one);
      expect(other).to.not.deep.equal(one);
    });

    it('--repeat runs each case so often on one server', async () => {
      const { code, result } = await closewait(
        'run',
        'nginx',
        'states',
        '--exclude=states/fin-wait-2-lasts',
        '--repeat=3',
      );
      expect({ code, passed: casesWith('pass', result).length, reasons: notPassed(result) }).to.deep.equal({
        code: 0,
        passed: 24,
        reasons: [],
      });
      const ports = result.cases.flatMap(({ evidence }) => evidence.connection?.client.port ?? []);
      expect(Math.max(...ports) - Math.min(...ports), 'connections').to.be.above(40);
    });
  });
});
