import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { ERRORS } from '#core';
import { ERRORS_PAGE, errorsPage } from './errors.ts';

const root = join(import.meta.dirname, '..');
const TABLE = join('harness', 'core', 'errors.ts');

/** The text of all sources but tests and the table itself. */
function sources(): string {
  return ['harness', 'targets', 'suites']
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
        join(folder, file),
      ),
    )
    .filter(
      (file) =>
        file.endsWith('.ts') && !/\.test\.ts$|[\\/](fixtures|testing)[\\/]/.test(file) && file !== TABLE,
    )
    .map((file) => readFileSync(join(root, file), 'utf8'))
    .join('\n');
}

describe('error codes', () => {
  it('are the page docs/errors.md (npm run docs:errors)', async () => {
    expect(readFileSync(ERRORS_PAGE, 'utf8')).to.equal(await errorsPage());
  });

  it('are raised somewhere, each', () => {
    const text = sources();
    expect(Object.keys(ERRORS).filter((code) => !text.includes(`'${code}'`))).to.deep.equal([]);
  });

  it('are in the table wherever they are written', () => {
    const written = new Set(sources().match(/\bCW_[A-Z0-9_]*[A-Z0-9]\b/g));
    expect([...written].filter((code) => !(code in ERRORS))).to.deep.equal([]);
  });
});
