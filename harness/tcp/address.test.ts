import { expect } from 'chai';
import { formatEndpoint } from './address.ts';

describe('formatEndpoint', () => {
  it('puts brackets round IPv6 alone', () => {
    expect(formatEndpoint({ address: '198.18.0.1', port: 80 })).to.equal('198.18.0.1:80');
    expect(formatEndpoint({ address: '2001:db8::1', port: 443 })).to.equal('[2001:db8::1]:443');
  });
});
