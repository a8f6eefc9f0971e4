import { join } from 'node:path';
import { compileOnce, findProgram, lineCommands, type TargetProgram } from '#target';

const name = 'rust-std';

export const rustStd: TargetProgram = {
  name,
  title: 'Rust std::net, a thread for each connection: lines obeyed or echoed; compiled at its first start',
  install: 'apt-get install rustc',
  find: () => findProgram('rustc', ['--version'], /^rustc ([\d.]+)/m),
  plan: ({ addresses, ports }, installed) => {
    const compiled = compileOnce(
      {
        name,
        moduleUrl: import.meta.url,
        source: 'main.rs',
        command: (source, output) => [
          installed.program,
          '--edition=2021',
          '-O',
          '-o',
          join(output, 'server'),
          source,
        ],
      },
      installed,
    );
    return { command: [join(compiled, 'server'), String(ports['main']), ...addresses] };
  },
  ready: 'listen',
  greeting: lineCommands.greeting,
  traits: {
    ...lineCommands.traits,
    dials: { send: ({ address, port }) => `dial ${address} ${port}\n` },
    // A write that stalls for 2 s returns what it could send, and the next one begins anew: up to three do.
    timeouts: { idle: 2000, write: 6000 },
    // Of std, which has no setting for it.
    backlog: 128,
  },
};
