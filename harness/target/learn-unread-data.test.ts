import { expect } from 'chai';
import { labPrivilege } from '#lab';
import type { Exchange } from './contract.ts';
import { execTarget } from './exec.ts';
import { learnUnreadData } from './learn-unread-data.ts';
import type { Finding } from './learn.ts';
import { tryTarget } from './trial.ts';

/** Answers the first bytes that it gets; what becomes of those that follow differs. */
const SERVERS = {
  'reads on': `socket.once('data', () => socket.end('no\\n')); socket.resume();`,
  'leaves it and closes': `socket.once('data', () => { socket.pause(); socket.end('no\\n', () => socket.destroy()); });`,
  'reads it all, then closes at once': `let got = 0; socket.on('data', (data) => { if ((got += data.length) > 1 << 20) socket.end('no\\n', () => socket.destroy()); });`,
  'keeps it open': `socket.once('data', () => { socket.pause(); socket.write('no\\n'); });`,
  'says nothing': `socket.once('data', () => socket.end()); socket.resume();`,
};

describe('learning what becomes of a body that is not read', function () {
  this.timeout(20_000);
  before(function () {
    if (!labPrivilege().ok) this.skip();
  });

  const learn = async (body: string | null): Promise<Finding> => {
    const script = `require('node:net').createServer({ allowHalfOpen: true }, (socket) => { socket.on('error', () => {}); ${body ?? ''} }).listen({port}, '{host}');`;
    const refusesUpload: Exchange = { send: 'upload\n', reply: /^no\n$/ };
    const target = execTarget({
      command: `'${process.execPath}' -e "${script}"`,
      speaks: 'none',
      traits: body === null ? {} : { refusesUpload },
    });
    const [finding] = await tryTarget(target, 'wire', (started) =>
      learnUnreadData({ target: started, family: 4, waitMs: 500 }),
    );
    return finding!;
  };

  const found: [keyof typeof SERVERS, Finding['value'], string][] = [
    ['reads on', 'linger', 'a body that is not read: 0 of 10 times a RST'],
    ['leaves it and closes', 'reset', 'a body that is not read: 10 of 10 times a RST'],
    ['reads it all, then closes at once', 'reset', 'a body that is not read: 10 of 10 times a RST'],
    ['keeps it open', 'linger', 'a body that is not read: 0 of 10 times a RST'],
    ['says nothing', null, '10 of 10 times neither an answer nor a RST came'],
  ];
  for (const [how, value, seen] of found) {
    it(`of a server that ${how}: ${value}`, async () => {
      const finding = await learn(SERVERS[how]);
      expect([finding.value, finding.seen]).to.deep.equal([value, seen]);
    });
  }

  it('is not tried where nothing is known that refuses one', async () => {
    expect((await learn(null)).seen).to.match(/^not tried: /);
  });
});
