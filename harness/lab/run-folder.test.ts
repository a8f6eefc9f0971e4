import { existsSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { closePremises, openPremises } from './index.ts';

describe('lab: the premises', () => {
  beforeEach(closePremises);
  afterEach(closePremises);

  it('are one for the process, in the folder for temporary files, for its user alone', () => {
    const premises = openPremises();
    expect(openPremises()).to.equal(premises);
    const root = dirname(premises.folder('a'));
    expect(dirname(root)).to.equal(tmpdir());
    expect(statSync(root).mode & 0o777).to.equal(0o700);
  });

  it('give each who asks a folder of its own', () => {
    const premises = openPremises();
    const [one, two] = [premises.folder('nginx'), premises.folder('nginx')];
    expect(one).not.to.equal(two);
    expect([one, two].every(existsSync)).to.equal(true);
  });

  it('are removed with all that is in them, and made anew when asked for again', () => {
    const first = openPremises().folder('a');
    writeFileSync(join(first, 'file'), 'text');
    closePremises();
    expect(existsSync(dirname(first))).to.equal(false);
    const second = openPremises().folder('a');
    expect(dirname(second)).not.to.equal(dirname(first));
    expect(existsSync(second)).to.equal(true);
  });

  it('can be closed twice, and when they were never opened', () => {
    openPremises();
    closePremises();
    expect(closePremises).not.to.throw();
  });
});
