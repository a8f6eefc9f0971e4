import Mocha from 'mocha';

const { EVENT_TEST_FAIL, EVENT_TEST_PASS, EVENT_TEST_PENDING } = Mocha.Runner.constants;

/**
 * Mocha's `spec` output with a closing line that a program can read: `N passed, N failed, N skipped`. A failing hook is one
 * failure; the tests that it kept from running are skipped. With CLOSEWAIT_NO_SKIPS=1 a skipped test fails the run.
 */
export default class ClosingLine extends Mocha.reporters.Spec {
  passed = 0;
  /** Hooks among them. */
  failed = 0;
  /** @type {Mocha.Test[]} */
  skipped = [];
  /** @type {Set<Mocha.Runnable>} */
  ended = new Set();

  /**
   * @param {Mocha.Runner} runner
   * @param {Mocha.MochaOptions} options
   */
  constructor(runner, options) {
    super(runner, options);
    runner.on(EVENT_TEST_PASS, (test) => {
      this.passed++;
      this.ended.add(test);
    });
    runner.on(EVENT_TEST_FAIL, (/** @type {Mocha.Runnable} */ test) => {
      this.failed++;
      // A test can fail after it has passed: by an error that it left behind.
      if (this.ended.has(test)) this.passed--;
      if (test instanceof Mocha.Test) this.ended.add(test);
    });
    runner.on(EVENT_TEST_PENDING, (test) => {
      this.skipped.push(test);
      this.ended.add(test);
    });
  }

  /**
   * Called by Mocha when all is reported.
   * @override
   * @param {number} failures
   * @param {(failures: number) => void} exit
   */
  done(failures, exit) {
    const notRun = this.runner.total - this.ended.size;
    const skipsFail = process.env.CLOSEWAIT_NO_SKIPS === '1' && this.skipped.length > 0;
    if (skipsFail) {
      console.log('Skipped, which CLOSEWAIT_NO_SKIPS=1 counts as failures:');
      for (const test of this.skipped) console.log(`  ${test.titlePath().join(' > ')}`);
    }
    console.log(`${this.passed} passed, ${this.failed} failed, ${this.skipped.length + notRun} skipped`);
    exit(failures + (skipsFail ? this.skipped.length : 0));
  }
}
