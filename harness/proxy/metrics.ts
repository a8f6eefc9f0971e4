import type { FaultProxy, Stream } from './contract.ts';

export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

const STREAMS: readonly Stream[] = ['upstream', 'downstream'];

/** The counters of all proxies in Prometheus' text format, with the names and labels of the original. */
export function metricsText(proxies: readonly FaultProxy[]): string {
  const sample = (name: string, proxy: FaultProxy, labels: { direction?: Stream }, value: number): string => {
    const all = { ...labels, listener: proxy.listen, proxy: proxy.name, upstream: proxy.upstream };
    const text = Object.entries(all).map(([label, of]) => `${label}="${escape(of)}"`);
    return `${name}{${text.join(',')}} ${value}`;
  };
  const bytes = (kind: 'received' | 'sent'): string[] => {
    const name = `toxiproxy_proxy_${kind}_bytes_total`;
    return [
      `# TYPE ${name} counter`,
      ...proxies.flatMap((proxy) =>
        STREAMS.map((direction) => sample(name, proxy, { direction }, proxy.counters[kind][direction])),
      ),
    ];
  };
  const connections = 'toxiproxy_proxy_connections_total';
  const lines = [
    ...bytes('received'),
    ...bytes('sent'),
    `# TYPE ${connections} counter`,
    ...proxies.map((proxy) => sample(connections, proxy, {}, proxy.counters.connections)),
  ];
  return `${lines.join('\n')}\n`;
}

function escape(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
