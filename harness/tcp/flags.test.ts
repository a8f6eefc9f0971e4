import { expect } from 'chai';
import { ACK, CWR, ECE, FIN, formatFlags, parseFlags, PSH, RST, SYN, URG } from './flags.ts';

describe('flags', () => {
  it('have the bits of RFC 9293 §3.1', () => {
    expect([FIN, SYN, RST, PSH, ACK, URG, ECE, CWR]).to.deep.equal([1, 2, 4, 8, 16, 32, 64, 128]);
  });

  it('are read in any order and case, written in one', () => {
    expect(parseFlags('SA')).to.equal(SYN | ACK);
    expect(parseFlags('as')).to.equal(SYN | ACK);
    expect(parseFlags('')).to.equal(0);
    expect(formatFlags(ACK | SYN)).to.equal('SA');
    expect(formatFlags(0xff)).to.equal('SFRPUAEC');
  });

  it('come back from their letters, all 256 sets', () => {
    for (let flags = 0; flags < 256; flags++) expect(parseFlags(formatFlags(flags))).to.equal(flags);
  });

  it('are refused with the letter that is none', () => {
    expect(() => parseFlags('SX'))
      .to.throw(/'SX'.*'X'/)
      .with.property('code', 'CW_FLAGS');
  });
});
