import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { DOORS, importRules, RANKS } from './ranks.mjs';

const root = join(import.meta.dirname, '..');
const fixtures = join(import.meta.dirname, 'fixtures');

interface Finding {
  readonly code: string;
  readonly filename: string;
  readonly labels: readonly { readonly span: { readonly line: number } }[];
}

/** Lints a fixture folder as if it were the repository: `file:line rule` of what was found, once each, sorted. */
function lint(folder: string): string[] {
  const copy = mkdtempSync(join(tmpdir(), 'closewait-lint-'));
  try {
    cpSync(join(fixtures, folder), copy, { recursive: true });
    for (const name of ['.oxlintrc.json', 'tsconfig.json', 'package.json'])
      cpSync(join(root, name), join(copy, name));
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
    // By name: of the folder itself oxlint would lint node_modules too.
    const names = readdirSync(join(fixtures, folder));
    const { stdout, stderr } = spawnSync(
      process.execPath,
      [join(root, 'node_modules/oxlint/bin/oxlint'), '--format=json', ...names],
      { cwd: copy, encoding: 'utf8' },
    );
    expect(stdout, stderr).to.match(/^\s*\{/);
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: Finding[] };
    const found = diagnostics.map(
      ({ code, filename, labels }) =>
        `${filename}:${labels[0]?.span.line} ${code.replace(/.*\((.*)\)/, '$1')}`,
    );
    return [...new Set(found)].sort();
  } finally {
    rmSync(copy, { recursive: true });
  }
}

/** The lines of a fixture folder that end in a comment, as `file:line comment`, sorted. */
function marked(folder: string): string[] {
  return readdirSync(join(fixtures, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) =>
      readFileSync(join(fixtures, folder, file), 'utf8')
        .split('\n')
        .flatMap(
          (line, index) =>
            / \/\/ (.*)$/
              .exec(line)
              ?.slice(1)
              .map((mark) => `${file}:${index + 1} ${mark}`) ?? [],
        ),
    )
    .sort();
}

describe('lint', function () {
  this.timeout(60_000);

  it('refuses every import against the ranks in the fixture, and no other', () => {
    const refusals = ['no-restricted-imports', 'consistent-type-imports'];
    const found = lint('ranks')
      .filter((finding) => refusals.some((rule) => finding.endsWith(` ${rule}`)))
      .map((finding) => finding.replace(/ .*/, ' refused'));
    expect(found).to.deep.equal(marked('ranks'));
  });

  it('finds every forgotten promise in the fixture, and no other', () => {
    const found = lint('promises').filter((finding) => /promise|thenable/.test(finding));
    expect(found).to.deep.equal(marked('promises'));
  });

  it('has the import rules of scripts/ranks.mjs (npm run lint:ranks)', () => {
    const { overrides } = JSON.parse(readFileSync(join(root, '.oxlintrc.json'), 'utf8')) as {
      overrides: { rules: object }[];
    };
    const restricting = overrides.filter(({ rules }) => 'no-restricted-imports' in rules);
    expect(restricting).to.deep.equal(importRules());
  });

  it('has a rank and a front door for every part, and no other folder beside them', () => {
    const { imports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { imports: object };
    const parts = readdirSync(join(root, 'harness')).sort();
    expect(Object.keys(imports).sort()).to.deep.equal(parts.map((part) => `#${part}`));
    expect(Object.keys(RANKS)).to.include.members(parts);
    expect(parts).to.include.members(Object.values(DOORS).flat());
  });
});
