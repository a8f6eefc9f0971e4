import { expect } from 'chai';
import { parseEndpoint } from './endpoint.ts';

describe('HOST:PORT', () => {
  const accepted: [string, string, number][] = [
    ['127.0.0.1:7000', '127.0.0.1', 7000],
    ['127.255.1.2:1', '127.255.1.2', 1],
    ['localhost:65535', '127.0.0.1', 65535],
    ['[::1]:80', '::1', 80],
    ['[0:0::1]:80', '::1', 80],
  ];
  for (const [text, address, port] of accepted) {
    it(`accepts ${text}`, () => expect(parseEndpoint(text)).to.deep.equal({ address, port }));
  }

  const refused = [
    '192.0.2.1:80',
    '0.0.0.0:80',
    '[::]:80',
    '[2001:db8::1]:80',
    '[::ffff:192.0.2.1]:80',
    'example.test:80',
    '127.1:80',
    '0177.0.0.1:80',
    '128.0.0.1:80',
    'localhost.:80',
  ];
  for (const text of refused) {
    it(`refuses ${text}: it is not, or may not be, this machine`, () => {
      expect(() => parseEndpoint(text))
        .to.throw(text)
        .that.includes({ code: 'CW_NOT_LOOPBACK' });
    });
  }

  for (const text of ['127.0.0.1:0', '127.0.0.1:65536']) {
    it(`refuses the port of ${text}`, () =>
      expect(() => parseEndpoint(text)).to.throw(/a port is 1 to 65535/));
  }

  for (const text of ['nginx', 'states/listen', '::1:80', '127.0.0.1', 'a:b', 'http://127.0.0.1:80']) {
    it(`takes ${text} for something else`, () => expect(parseEndpoint(text)).to.equal(undefined));
  }
});
