import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fillContext, STAND_INS } from './stand-ins.mjs';

export const DOCKER = words(process.env['DOCKER'] ?? 'docker');
export const COMPOSE = words(process.env['COMPOSE'] ?? 'docker compose');

/** With it a command is about all services. */
export const PROFILE = ['--profile', 'wire'];

/** Images of ours, for an engine whose compose builds none. */
const OURS = [
  {
    tag: 'closewait-toxiproxy:2.12.0',
    context: 'scripts/compose',
    dockerfile: 'scripts/compose/toxiproxy.Dockerfile',
  },
  { tag: 'closewait', context: '.', dockerfile: 'Dockerfile', target: 'closewait' },
  { tag: 'closewait-wire', context: '.', dockerfile: 'Dockerfile', target: 'wire' },
];

/** @param {string} root */
export function makeImages(root) {
  const build = process.env['BUILD'];
  if (process.env['STAND_INS'] === '1') {
    for (const [tag, dockerfile] of Object.entries(STAND_INS)) {
      if (run(root, DOCKER, ['image', 'inspect', tag], 'ignore').status === 0) continue;
      withFolder((folder) => {
        mkdirSync(join(folder, 'context'));
        writeFileSync(join(folder, 'Dockerfile'), dockerfile);
        fillContext(tag, join(folder, 'context'));
        buildImage(root, build, tag, join(folder, 'context'), join(folder, 'Dockerfile'));
      });
    }
  }
  if (build === undefined) {
    must(run(root, COMPOSE, [...PROFILE, 'build']), 'the images were not built');
    return;
  }
  for (const { tag, context, dockerfile, target } of OURS) {
    withFolder((folder) => {
      const file = join(folder, 'Dockerfile');
      writeFileSync(file, stagesFor(readFileSync(join(root, dockerfile), 'utf8'), target));
      buildImage(root, build, tag, join(root, context), file);
    });
  }
}

/**
 * A Dockerfile whose last stage is `target`: what `--target` does, for builders that do not have it.
 * @param {string} text
 * @param {string | undefined} target
 */
export function stagesFor(text, target) {
  const stages = text.split(/^(?=FROM )/m);
  const last = stages.findIndex((stage) => new RegExp(`^FROM \\S+ AS ${target}$`, 'm').test(stage));
  if (target !== undefined && last < 0) throw new Error(`no stage of the Dockerfile is called ${target}`);
  return target === undefined
    ? text
    : stages
        .slice(0, last + 1)
        .filter((stage, at) => at === last || !stage.startsWith('FROM base AS '))
        .join('');
}

/**
 * @param {string} root
 * @param {string | undefined} build
 * @param {string} tag
 * @param {string} context
 * @param {string} file
 */
function buildImage(root, build, tag, context, file) {
  console.log(`building ${tag}`);
  const done =
    build === undefined
      ? run(root, DOCKER, ['build', '--quiet', '-t', tag, '-f', file, context])
      : run(root, words(build), [tag, context, file]);
  must(done, `the image ${tag} was not built`);
}

/**
 * Runs a command, whose output is shown unless it is asked for or nobody wants it.
 * @param {string} root
 * @param {readonly string[]} command
 * @param {readonly string[]} args
 * @param {'inherit' | 'pipe' | 'ignore'} [output]
 */
export function run(root, [program = '', ...first], args, output = 'inherit') {
  const { status, stdout, error } = spawnSync(program, [...first, ...args], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    stdio: ['ignore', output, output === 'pipe' ? 'inherit' : output],
  });
  if (error !== undefined) throw error;
  return { status: status ?? 1, stdout };
}

/**
 * @param {{ status: number }} done
 * @param {string} otherwise
 */
function must({ status }, otherwise) {
  if (status !== 0) throw new Error(otherwise);
}

/** @param {(folder: string) => void} work */
function withFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), 'closewait-compose-'));
  try {
    work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {string} text @returns {string[]} */
function words(text) {
  return text.trim().split(/\s+/);
}
