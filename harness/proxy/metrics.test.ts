import { expect } from 'chai';
import { metricsText } from './metrics.ts';
import { fakeProxy } from './testing/fake-proxy.ts';

describe('metrics', () => {
  it('are in the text format of Prometheus, with the original’s names and order of labels', () => {
    const proxy = fakeProxy(
      { name: 'a "b"\\', listen: '127.0.0.1:1', upstream: '127.0.0.1:2', enabled: false },
      { seed: 1, strict: false },
    );
    Object.assign(proxy, {
      counters: {
        connections: 3,
        received: { upstream: 5, downstream: 6 },
        sent: { upstream: 7, downstream: 8 },
      },
    });
    const labels = 'listener="127.0.0.1:1",proxy="a \\"b\\"\\\\",upstream="127.0.0.1:2"';
    expect(metricsText([proxy]).split('\n')).to.deep.equal([
      '# TYPE toxiproxy_proxy_received_bytes_total counter',
      `toxiproxy_proxy_received_bytes_total{direction="upstream",${labels}} 5`,
      `toxiproxy_proxy_received_bytes_total{direction="downstream",${labels}} 6`,
      '# TYPE toxiproxy_proxy_sent_bytes_total counter',
      `toxiproxy_proxy_sent_bytes_total{direction="upstream",${labels}} 7`,
      `toxiproxy_proxy_sent_bytes_total{direction="downstream",${labels}} 8`,
      '# TYPE toxiproxy_proxy_connections_total counter',
      `toxiproxy_proxy_connections_total{${labels}} 3`,
      '',
    ]);
  });
});
