import { findProgram, type TargetProgram } from '#target';
import { configure, LARGE } from './configuration.ts';

const get = (path: string, version: string): string =>
  `GET ${path} HTTP/${version}\r\nHost: closewait\r\n\r\n`;

export const nginx: TargetProgram = {
  name: 'nginx',
  title: 'nginx with one worker',
  install: 'apt-get install nginx-light',
  ports: ['deferred'],
  find: () => findProgram('nginx', ['-v'], /^nginx version: \w+\/([\d.]+)/m),
  plan: (context, { program, version }) => ({
    command: [program, '-p', `${context.folder}/`, '-c', 'nginx.conf', ...earlyLog(version)],
    files: { 'nginx.conf': configure(context), 'html/large': Buffer.alloc(LARGE, 'x'), 'temp/.keep': '' },
  }),
  ready: 'listen',
  greeting: { send: get('/', '1.1'), reply: /^HTTP\/1\.1 200 [^]*\r\n\r\nhello\n$/ },
  traits: {
    closesFirst: { send: get('/', '1.0'), reply: /^HTTP\/1\.1 200 [^]*\r\n\r\nhello\n$/ },
    largeThenCloses: { send: get('/large', '1.0'), bytes: LARGE },
    closesOnFin: true,
    dials: { send: ({ address }) => get(address.includes(':') ? '/dial6' : '/dial4', '1.1') },
    defersAccept: { port: 'deferred' },
  },
};

/** Where it reports before it has read its configuration: by default a file that only root may write. */
function earlyLog(version: string): string[] {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  return major * 1e6 + minor * 1e3 + patch >= 1_019_005 ? ['-e', 'stderr'] : [];
}
