import { cargoPackage, httpPaths, type TargetProgram } from '#target';

const name = 'rust-hyper';

const { install, find } = cargoPackage({
  name,
  moduleUrl: import.meta.url,
  crate: 'hyper',
  runtime: 'tokio',
});

export const rustHyper: TargetProgram = {
  name,
  title: 'Rust hyper on tokio: HTTP/1.1 with a short header_read_timeout, and GracefulShutdown',
  install,
  find,
  plan: ({ addresses, ports }, { program }) => ({ command: [program, String(ports['main']), ...addresses] }),
  ready: 'listen',
  greeting: httpPaths.greeting,
  traits: {
    ...httpPaths.traits,
    ...httpPaths.relaying,
    // header_read_timeout, which begins when the last answer has been sent. That of a body is our own: hyper has none.
    timeouts: { idle: 2000, head: 2000, body: 2000 },
    // mio, TcpListener::bind().
    backlog: 128,
    policy: {
      // hyperium/hyper#1981: half_close is off by default, and the end of the input taken for that of the connection.
      // An answer that is ready at once is now sent before that is seen and now not: halfClose is not declared.
      halfCloseSlow: 'close',
      halfCloseRelay: 'close',
      // RFC 9112 section 9.5: closure of an open connection is to be watched for, and answered promptly.
      idleFinMs: 1000,
      // docs.rs/hyper-util, GracefulShutdown: watched connections finish what they are at.
      drain: 'drain',
      deadPeerIdleMs: 2000,
      // hyperium/hyper#1628: there is no time-out for writing.
      slowReader: 'keep',
      deadPeerWritingMs: 'never',
    },
  },
};
