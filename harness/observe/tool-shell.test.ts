import { expect } from 'chai';
import { Namespace } from '#sys';
import { ToolShell } from './tool-shell.ts';

describe('the shell that starts tools', () => {
  let shell: ToolShell;
  beforeEach(() => {
    shell = new ToolShell(Namespace.home(), process.env);
  });
  afterEach(() => shell.close());

  it('gives what commands print, byte for byte, one after another', async () => {
    const printed = await Promise.all([
      shell.run(['printf', String.raw`%s\n`, 'a b', "it's", '$HOME `id` \\ "']),
      shell.run(['true']),
      shell.run(['printf', 'without an end of line']),
    ]);
    expect(printed).to.deep.equal(['a b\nit\'s\n$HOME `id` \\ "\n', '', 'without an end of line']);
  });

  it('gives null for a command that fails or is not there, and goes on', async () => {
    expect(await shell.run(['false'])).to.equal(null);
    expect(await shell.run(['/no/such/tool'])).to.equal(null);
    expect(await shell.run(['printf', 'on'])).to.equal('on');
  });

  it('does not take what would be two lines', async () => {
    expect(await shell.run(['printf', 'a\nid'])).to.equal(null);
  });

  it('gives null once it has ended', async () => {
    shell.close();
    expect(await shell.run(['printf', 'on'])).to.equal(null);
  });

  it('takes long output', async () => {
    const printed = await shell.run(['seq', '1', '100000']);
    expect(printed?.length).to.equal(588_895);
  });
});
