import { expect } from 'chai';
import { findState, parseState, type State, STATES } from './states.ts';

/** What each source writes, in the order of {@link STATES}. */
const SPELLINGS: Readonly<Record<string, string>> = {
  RFC: 'LISTEN SYN-SENT SYN-RECEIVED ESTABLISHED FIN-WAIT-1 FIN-WAIT-2 CLOSE-WAIT CLOSING LAST-ACK TIME-WAIT CLOSED',
  ss: 'LISTEN SYN-SENT SYN-RECV ESTAB FIN-WAIT-1 FIN-WAIT-2 CLOSE-WAIT CLOSING LAST-ACK TIME-WAIT UNCONN',
  'netstat on Linux':
    'LISTEN SYN_SENT SYN_RECV ESTABLISHED FIN_WAIT1 FIN_WAIT2 CLOSE_WAIT CLOSING LAST_ACK TIME_WAIT CLOSE',
  'netstat on macOS':
    'LISTEN SYN_SENT SYN_RCVD ESTABLISHED FIN_WAIT_1 FIN_WAIT_2 CLOSE_WAIT CLOSING LAST_ACK TIME_WAIT CLOSED',
};

describe('states', () => {
  for (const [source, names] of Object.entries(SPELLINGS)) {
    it(`are read as ${source} spells them`, () => {
      expect(names.split(' ').map(findState)).to.deep.equal([...STATES]);
    });
  }

  it('are read in any case', () => {
    expect(findState('fin-wait-2')).to.equal('FIN_WAIT_2' satisfies State);
  });

  it('are not guessed', () => {
    for (const text of ['', 'FIN_WAIT', 'CLOSEWAITS', 'constructor', 'ESTABLISHED 1']) {
      expect(findState(text), text).to.equal(undefined);
    }
    expect(() => parseState('CLOSEDWAIT'))
      .to.throw(/'CLOSEDWAIT'.*CLOSE_WAIT/)
      .with.property('code', 'CW_STATE_NAME');
  });
});
