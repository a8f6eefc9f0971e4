import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { COMPOSE, DOCKER, PROFILE, run } from './engine.mjs';

/** @typedef {{ cases: { verdict: string, reason: string, target: string }[], environment: { plane: string, planeReason: string } }} Result */

/**
 * That docker-compose.yml does what docs/docker.md says of it.
 * @param {string} root
 * @returns {number} exit code
 */
export function prove(root) {
  const reports = join(root, 'reports');
  const read = (/** @type {string} */ name) => JSON.parse(readFileSync(join(reports, name), 'utf8'));
  let failed = 0;
  const claim = (/** @type {string} */ what, /** @type {boolean} */ holds) => {
    console.log(`${holds ? '✓' : '✗'} ${what}`);
    if (!holds) failed += 1;
  };
  rmSync(reports, { recursive: true, force: true });

  claim('docker-compose.yml is valid', run(root, COMPOSE, ['config', '--quiet']).status === 0);
  try {
    const whole = timed(() => up('closewait'));
    claim(`\`closewait\` holds (${whole.seconds} s)`, whole.value === 0);
    const { runs } = existsSync(join(reports, 'summary.json')) ? read('summary.json') : { runs: [] };
    claim(
      `each of its ${runs.length} runs has passes and a report of its own`,
      runs.length > 0 &&
        runs.every(
          (/** @type {{ report: string, summary: { pass: number } | null }} */ { report, summary }) =>
            (summary?.pass ?? 0) > 0 && existsSync(join(reports, `${report}.json`)),
        ),
    );

    const wire = timed(() => up('wire'));
    claim(`\`wire\` holds (${wire.seconds} s)`, wire.value === 0);
    const { environment, cases } = /** @type {Result} */ (read('wire.json'));
    claim('`wire` has the wire', environment.plane === 'wire');
    const skipped = cases.filter(({ verdict }) => verdict === 'skipped').length;
    claim(`of its ${cases.length} cases none is skipped (${skipped})`, cases.length > 0 && skipped === 0);

    const without = run(root, DOCKER, ['run', '--rm', '--network', 'none', 'closewait', 'doctor'], 'pipe');
    claim(
      '`docker run closewait doctor` tells the capabilities that are missing',
      without.stdout.includes('--cap-add SYS_ADMIN') && without.stdout.includes('loopback plane'),
    );
    const words = ['run', '--rm', '--network', 'none', 'closewait', 'run', 'echo', '--reporter', 'json'];
    const plain = run(root, DOCKER, words, 'pipe');
    const result = /** @type {Result} */ (JSON.parse(plain.stdout));
    claim(
      '`docker run closewait run echo` holds on loopback, skips the rest, and says why',
      plain.status === 0 &&
        result.environment.planeReason.includes('--cap-add SYS_ADMIN') &&
        result.cases.some(({ verdict }) => verdict === 'skipped'),
    );
  } finally {
    run(root, COMPOSE, [...PROFILE, 'down', '--remove-orphans']);
  }
  console.log(failed === 0 ? 'proved' : `${failed} claims do not hold`);
  return failed === 0 ? 0 : 1;

  /** @param {string} service */
  function up(service) {
    return run(root, COMPOSE, [...PROFILE, 'up', '--no-build', '--exit-code-from', service, service]).status;
  }
}

/** @template T @param {() => T} work */
function timed(work) {
  const began = Date.now();
  const value = work();
  return { value, seconds: Math.round((Date.now() - began) / 1000) };
}
