import { expect } from 'chai';
import { findNetstat } from './netstat.ts';

const BUSYBOX = 'BusyBox v1.35.0 (Debian) multi-call binary.\n\nUsage: netstat [-ral] [-tuwx] [-en]\n';

/** A machine that has these commands, each with what it answers. */
function machine(answers: Readonly<Record<string, string>>) {
  return (program: string) => answers[program] ?? null;
}

describe('observe: which netstat', () => {
  it('prefers net-tools', () => {
    expect(
      findNetstat('linux', machine({ netstat: 'net-tools 2.10\nFred Baumgarten', busybox: BUSYBOX })),
    ).to.deep.equal({
      ok: true,
      version: 'net-tools 2.10',
      command: ['netstat', '-tanpo', '--wide'],
    });
  });

  it('gives busybox no option that it may lack, by its own name or as netstat', () => {
    const said = `netstat: unrecognized option '--version'\n${BUSYBOX}`;
    expect(findNetstat('linux', machine({ netstat: said }))).to.deep.equal({
      ok: true,
      version: 'BusyBox v1.35.0',
      command: ['netstat', '-tan'],
    });
    expect(findNetstat('linux', machine({ busybox: BUSYBOX })))
      .to.have.property('command')
      .that.deep.equals(['busybox', 'netstat', '-tan']);
  });

  it('says what to install where there is none, or busybox was built without', () => {
    for (const answers of [{}, { busybox: 'netstat: applet not found\n' }] as const) {
      expect(findNetstat('linux', machine(answers))).to.deep.equal({
        ok: false,
        reason: 'there is no `netstat` command',
        remedy: 'install net-tools',
      });
    }
  });

  it('asks macOS and FreeBSD for whole addresses', () => {
    expect(findNetstat('darwin', machine({})))
      .to.have.property('command')
      .that.includes('-anvlW');
    expect(findNetstat('freebsd', machine({})))
      .to.have.property('command')
      .that.includes('-anW');
  });
});
