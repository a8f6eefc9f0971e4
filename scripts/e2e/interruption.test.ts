import { expect } from 'chai';
import { Call } from './testing/command.ts';

describe('closewait run, interrupted', function () {
  this.timeout(60_000);

  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    it(`by ${signal}: exits ${code} with a report of what has run, and leaves nothing behind`, async () => {
      // More than can be over before the signal comes.
      const call = new Call(['run', 'nginx', 'states', '--repeat', '1000']);
      expect(await call.said(/^nginx .* is ready/m)).to.equal(true);
      expect(call.processes()).to.have.length.above(1);
      call.signal(signal);
      const { code: exitCode, stdout, stderr, result, remains } = await call.ended;
      expect({ exitCode, stderr, remains }).to.deep.equal({ exitCode: code, stderr: '', remains: [] });
      expect(stdout).to.match(/interrupted: only what is told here has run\n\d+ passed, 0 failed/);
      expect(result.summary.total).to.be.below(26);
    });
  }
});
