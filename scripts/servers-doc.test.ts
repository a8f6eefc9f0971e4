import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { CaseResult } from '#trace';
import { cell } from './servers-doc/cell.ts';

const root = join(import.meta.dirname, '..');

function closewait(...words: string[]): unknown {
  const args = ['--import', 'tsx', '--conditions=source', 'main.ts', ...words, '--json'];
  return JSON.parse(execFileSync(process.execPath, args, { cwd: root, encoding: 'utf8' }));
}

function result(verdict: CaseResult['verdict'], actual = ''): CaseResult {
  return { verdict, actual } as CaseResult;
}

describe('docs/servers.md (npm run docs:servers)', () => {
  const page = readFileSync(join(root, 'docs/servers.md'), 'utf8');

  it('has a column for each case that is not slow, and the states', () => {
    const cases = (closewait('list') as { id: string; slow: boolean }[]).filter(({ slow }) => !slow);
    const missing = cases.filter(({ id }) => {
      const [area, name] = id.split('/');
      return area === 'states' ? !page.includes('### states') : !new RegExp(`\\| ${name} +\\|`).test(page);
    });
    expect(missing.map(({ id }) => id)).to.deep.equal([]);
  });

  it('has a row for each server that closewait knows', () => {
    const targets = closewait('targets') as { name: string }[];
    const missing = targets.filter(({ name }) => !new RegExp(`^\\| ${name} `, 'm').test(page));
    expect(missing.map(({ name }) => name)).to.deep.equal([]);
  });

  it('shows of several families what says most, and of a policy what was seen', () => {
    expect(cell([result('pass'), result('pass')])).to.equal('✓');
    expect(cell([result('pass'), result('fail')])).to.equal('**✗**');
    expect(cell([result('known'), result('pass')])).to.equal('✗ known');
    expect(cell([result('info', 'close: no byte, then FIN')])).to.equal('close');
    expect(cell([result('info', 'it is closed after 1540 ms')])).to.equal('1.5 s');
    expect(cell([result('info', 'it is closed: not within 5000 ms')])).to.equal('not seen');
    expect(cell([result('unsupported')])).to.equal('–');
    expect(cell([])).to.equal('');
  });
});
