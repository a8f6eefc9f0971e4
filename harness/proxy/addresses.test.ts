import { expect } from 'chai';
import { admission, isLoopback, mayStayAt, staysAt } from './addresses.ts';

async function refusal(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('addresses of proxies', () => {
  it('are of the loopback or not', () => {
    for (const address of ['127.0.0.1', '127.9.9.9', '::1'])
      expect(isLoopback(address), address).to.equal(true);
    for (const address of ['', '0.0.0.0', '::', '198.18.0.1', '2001:db8::1', '128.0.0.1'])
      expect(isLoopback(address), address).to.equal(false);
  });

  it('are names no longer when they are bound', async () => {
    const admit = admission(false, false, () => expect.fail());
    expect(await admit('localhost:80')).to.equal('127.0.0.1:80');
    expect(await admit('[::1]:80')).to.equal('[::1]:80');
  });

  for (const listen of ['0.0.0.0:80', ':80', '[::]:80', '198.18.0.1:80', '[2001:db8::1]:80']) {
    it(`${listen} is refused, or told of with --strict, or taken where the server itself is beyond`, async () => {
      const warnings: string[] = [];
      const warn = (text: string): void => void warnings.push(text);
      expect(await refusal(admission(false, false, warn)(listen))).to.match(/^listen: .*loopback/);
      expect(warnings).to.deep.equal([]);
      const bound = listen.replace(/^(0\.0\.0\.0)?:80$/, '[::]:80');
      expect(await admission(false, true, warn)(listen)).to.equal(bound);
      expect(warnings).to.have.length(1);
      expect(warnings[0]).to.include(listen);
      const beyond = listen === '0.0.0.0:80' ? listen : bound;
      expect(await admission(true, false, warn)(listen)).to.equal(beyond);
      expect(warnings).to.have.length(1);
    });
  }

  it('stay what they are, however they are written', async () => {
    expect(await staysAt('127.0.0.1:80', 'localhost:80', true)).to.equal(true);
    expect(await staysAt('127.0.0.1:80', '127.0.0.1:81', true)).to.equal(false);
    expect(await staysAt('127.0.0.1:80', '127.0.0.1:0', false)).to.equal(false);
    for (const every of ['0.0.0.0:80', ':80', '[::]:80']) {
      expect(await staysAt('[::]:80', every, false), every).to.equal(true);
      expect(await staysAt('[::]:80', every, true), every).to.equal(every === '[::]:80');
    }
  });

  it('stay at a port that was chosen, when a list asks for any again', async () => {
    expect(await mayStayAt('127.0.0.1:80', 'localhost:0')).to.equal(true);
    expect(await mayStayAt('127.0.0.1:80', '[::1]:0')).to.equal(false);
    expect(await mayStayAt('127.0.0.1:80', 'localhost:81')).to.equal(false);
  });

  it('tell of what is none in the words of Go', async () => {
    expect(await refusal(staysAt('127.0.0.1:80', 'bad', true))).to.equal(
      'address bad: missing port in address',
    );
    const name = 'x'.repeat(64);
    expect(await refusal(staysAt('127.0.0.1:80', `${name}:1`, true))).to.equal(
      `lookup ${name}: no such host`,
    );
  });
});
