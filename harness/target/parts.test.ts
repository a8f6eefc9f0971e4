import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import { exchange } from './exchange.ts';
import { wholeHttpAnswer } from './http-answer.ts';
import { covers } from './listeners.ts';
import { LogTail } from './log-tail.ts';
import { descendants, familyOfGroup, fromPs, listProcesses, withEnvironment } from './process-table.ts';

describe('the end of a log', () => {
  it('keeps the last lines, whole ones', () => {
    const log = new LogTail();
    for (let line = 0; line < 100_000; line++) log.add(`line ${line}\n`);
    expect(log.lines(2)).to.deep.equal(['line 99998', 'line 99999']);
    expect(log.lines(1e6)[0]).to.match(/^line \d{5}$/);
    expect(log.text.length).to.be.at.most(64 * 1024);
  });

  it('reads UTF-8 across chunks, and a last line without its end', () => {
    const log = new LogTail();
    const bytes = Buffer.from('caf\u00e9\nopen').toString('latin1');
    log.add(bytes.slice(0, 4));
    log.add(bytes.slice(4));
    expect(log.lines(9)).to.deep.equal(['caf\u00e9', 'open']);
  });

  it('escapes controls and cuts lines that do not end', () => {
    const log = new LogTail();
    log.add(Buffer.from(`\x1b]0;title\x07\u202e\n${'x'.repeat(9999)}`).toString('latin1'));
    expect(log.lines(2)[0]).to.equal('\\x1b]0;title\\x07\\u202e');
    expect(log.lines(1)[0]).to.have.length.below(500);
  });
});

describe('a whole answer of HTTP', () => {
  const head = 'HTTP/1.1 200 OK\r\n';
  const whole: Readonly<Record<string, string>> = {
    'has as many bytes as it says': `${head}content-LENGTH: 3\r\n\r\nabc`,
    'ends with the last chunk': `${head}Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n`,
    'may have trailers': `${head}Transfer-Encoding: gzip, chunked\r\n\r\n1\r\na\r\n0\r\nX: y\r\n\r\n`,
    'may have an empty chunked body': `${head}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    'may have no body': 'HTTP/1.1 204 No Content\r\nContent-Length: 3\r\n\r\n',
    'may come after 100 Continue': `HTTP/1.1 100 Continue\r\n\r\n${head}Content-Length: 0\r\n\r\n`,
    'may end with its connection': `HTTP/1.0 500 Oops\r\n\r\nsome`,
  };
  const part: Readonly<Record<string, string>> = {
    'lacks its header': `${head}Content-Length: 3\r\n`,
    'lacks bytes of its body': `${head}Content-Length: 3\r\n\r\nab`,
    'lacks its last chunk': `${head}Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n`,
    'lacks the end of its last chunk': `${head}Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n`,
    'has 0 as the end of a chunk size': `${head}Transfer-Encoding: chunked\r\n\r\n10\r\n\r\n`,
    'is only 100 Continue': 'HTTP/1.1 100 Continue\r\n\r\n',
    'is no HTTP': 'SSH-2.0\r\n\r\n',
  };
  for (const [name, text] of Object.entries(whole)) {
    it(name, () => expect(wholeHttpAnswer.test(text)).to.equal(true));
  }
  for (const [name, text] of Object.entries(part)) {
    it(`is not there when it ${name}`, () => expect(wholeHttpAnswer.test(text)).to.equal(false));
  }
});

describe('an exchange', () => {
  it('collects until the reply matches, across chunks and in latin1', async () => {
    const socket = new PassThrough();
    const answer = exchange(socket, { send: '\xffab', reply: /ab!$/ }, 1000);
    socket.write('!');
    expect(await answer).to.deep.equal({ received: '\xc3\xbfab!', ended: 'reply' });
  });

  it('tells the end of the stream, an error and silence apart', async () => {
    const said = { send: '', reply: /never/ };
    const [ended, failed, silent] = [new PassThrough(), new PassThrough(), new PassThrough()];
    const answers = [ended, failed, silent].map((socket) => exchange(socket, said, 30));
    ended.end('half');
    failed.destroy(Object.assign(new Error('gone'), { code: 'ECONNRESET' }));
    expect(await Promise.all(answers)).to.deep.equal([
      { received: 'half', ended: 'closed' },
      { received: '', ended: 'error', code: 'ECONNRESET' },
      { received: '', ended: 'deadline' },
    ]);
  });
});

describe('a listener', () => {
  it('covers its own address, and a wildcard what is of its family; :: both', () => {
    const at = (address: string) => ({ address, port: 80 });
    expect(covers(at('2001:db8::1'), at('2001:0db8::1'))).to.equal(true);
    expect(covers(at('127.0.0.1'), at('198.18.0.1'))).to.equal(false);
    expect(covers(at('0.0.0.0'), at('198.18.0.1'))).to.equal(true);
    expect(covers(at('0.0.0.0'), at('2001:db8::1'))).to.equal(false);
    expect(covers(at('::'), at('198.18.0.1'))).to.equal(true);
    expect(covers(at('::'), { address: '::1', port: 81 })).to.equal(false);
  });
});

describe('the table of processes', () => {
  it('counts grandchildren, and not the dead that nobody has reaped', () => {
    const entry = (pid: number, parent: number, group: number, state = 'S') => ({
      pid,
      parent,
      group,
      state,
    });
    const table = [
      entry(1, 0, 1),
      entry(10, 1, 10),
      entry(11, 10, 11),
      entry(12, 11, 12),
      entry(13, 1, 10, 'Z'),
      entry(20, 1, 20),
    ];
    expect(familyOfGroup(10, table)).to.have.members([10, 11, 12]);
  });

  it('has a group, and its children of another group', async function () {
    if (process.platform !== 'linux') this.skip();
    const script = 'setsid sleep 60 & printf .; read line';
    const child = spawn('sh', ['-c', script], { detached: true, env: { ...process.env, MARK: 'here' } });
    await once(child.stdout, 'data');
    const table = listProcesses();
    const own = familyOfGroup(child.pid!, table);
    try {
      expect(own).to.have.length(2);
      expect(descendants(child.pid!)).to.have.members(own);
      expect(withEnvironment('MARK=here', table)).to.have.members(own);
      expect(familyOfGroup(child.pid!, fromPs())).to.have.members(own);
    } finally {
      for (const pid of own) process.kill(pid, 'SIGKILL');
    }
    await once(child, 'exit');
    expect(descendants(child.pid!)).to.equal(null);
    expect(familyOfGroup(child.pid!, listProcesses())).to.deep.equal([]);
  });
});
