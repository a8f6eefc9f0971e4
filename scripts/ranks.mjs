// The import rule of the parts, once: lint gets it from here (`npm run lint:ranks` writes it to .oxlintrc.json).
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The parts of harness/: each may import those of a lower rank, by `#part`. */
export const RANKS = {
  core: 0,
  tcp: 1,
  sys: 1,
  trace: 2,
  lab: 3,
  observe: 3,
  wire: 4,
  proxy: 4,
  target: 4,
  expect: 5,
  case: 6,
  report: 7,
  cli: 8,
};

/** What the folders outside harness/ may import, besides Node and their own files. */
export const DOORS = { targets: ['target'], suites: ['case', 'expect', 'tcp'] };

/** What tests may import besides. */
const TEST_PACKAGES = ['chai', 'mocha'];

const ALL_PARTS = Object.keys(RANKS);
const UP = {
  regex: '(^|/)[.][.](/|$)',
  message: 'Import another part by its front door (#part), a file of this part by ./ and never by ../',
};

/** The `overrides` of .oxlintrc.json. */
export function importRules() {
  const entries = Object.entries(RANKS);
  return [
    { files: ['**/*.ts'], rules: restrict([UP]) },
    ...entries.flatMap(([part, rank]) => {
      const lower = entries.filter(([, other]) => other < rank).map(([name]) => name);
      const who = `harness/${part} (rank ${rank}) may import`;
      return [
        { files: [`harness/${part}/**`], rules: restrict([UP, others('#*', lower, who)]) },
        // What serves only tests sees its part as the other parts do.
        { files: [`harness/${part}/testing/**`], rules: restrict([UP, others('#*', [...lower, part], who)]) },
      ];
    }),
    ...Object.entries(DOORS).flatMap(([folder, parts]) => [
      outside([`${folder}/**`], folder, parts, []),
      outside([`${folder}/**/*.test.ts`], folder, parts, TEST_PACKAGES),
    ]),
  ];
}

/**
 * @param {string[]} files
 * @param {string} folder
 * @param {string[]} parts
 * @param {string[]} packages
 */
function outside(files, folder, parts, packages) {
  const pattern = others('*', parts, `${folder}/ may import`);
  pattern.group.push('!node:*', '!node:*/**', '!./**', ...packages.map((name) => `!${name}`));
  return { files, rules: restrict([UP, pattern]) };
}

/**
 * @param {string} all
 * @param {string[]} parts
 * @param {string} who
 */
function others(all, parts, who) {
  const names = ALL_PARTS.filter((part) => parts.includes(part)).map((part) => `#${part}`);
  return {
    group: [all, ...names.map((name) => `!${name}`)],
    message: `${who} ${names.length > 0 ? `no part but ${names.join(', ')}` : 'no other part'}`,
  };
}

/** @param {object[]} patterns */
function restrict(patterns) {
  return { 'no-restricted-imports': ['error', { patterns }] };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const file = fileURLToPath(new URL('../.oxlintrc.json', import.meta.url));
  const config = JSON.parse(readFileSync(file, 'utf8'));
  const own = config.overrides.filter(
    (/** @type {{ rules: object }} */ { rules }) => !('no-restricted-imports' in rules),
  );
  writeFileSync(file, `${JSON.stringify({ ...config, overrides: [...importRules(), ...own] }, null, 2)}\n`);
}
