import {
  asOrdinaryUser,
  bracketed,
  endsWith,
  findProgram,
  type Installed,
  type StartContext,
  type TargetProgram,
} from '#target';
import { ignore, offer, unimplemented, unknown, VERSION } from './packets.ts';

/** Seconds within which a client is to log in. */
const LOGIN_S = 2;

/** The most that one message carries here, bytes. */
const PIECE = 32 * 1024;

/** Makes the server's key, and becomes the server, which starts itself again by its whole path. */
const START = 'ssh-keygen -q -t ed25519 -N "" -f key && exec "$1" -D -e -f sshd_config';

export const openssh: TargetProgram = {
  name: 'openssh',
  title: 'OpenSSH sshd, up to the exchange of keys',
  install: 'apt-get install openssh-server',
  find: () => findProgram('sshd', ['-V'], /^OpenSSH_([\d.]+)/m),
  plan: (context, installed) => ({
    command: asOrdinaryUser(['/bin/sh', '-c', START, 'sh', installed.program]),
    files: { sshd_config: configure(context, installed) },
  }),
  ready: 'listen',
  greeting: { send: VERSION, reply: offer },
  traits: {
    closesFirst: {
      send: 'closewait\r\n',
      reply: /(Invalid SSH identification string|Protocol mismatch)\.\r?\n$/,
    },
    closesOnFin: true,
    upload: (bytes) => {
      const pieces = Array.from({ length: Math.ceil(bytes / PIECE) }, (_, index) =>
        ignore(Math.min(PIECE, bytes - index * PIECE)),
      );
      const send = `${VERSION}${pieces.join('')}${unknown}`;
      return { send: Buffer.from(send, 'latin1'), reply: endsWith(unimplemented(pieces.length)) };
    },
    timeouts: { head: LOGIN_S * 1000, body: LOGIN_S * 1000 },
    // sshd.c, SSH_LISTEN_BACKLOG
    backlog: 128,
    // sshd_config(5), LoginGraceTime: whatever the client says, it is disconnected unless it has logged in.
    policy: { deadPeerIdleMs: LOGIN_S * 1000 },
  },
};

/** sshd_config: nobody can log in. */
function configure({ folder, addresses, ports }: StartContext, { version }: Installed): string {
  const listen = addresses.map((address) => `ListenAddress ${bracketed(address)}:${ports['main']}`);
  const [major = 0, minor = 0] = version.split('.').map(Number);
  // Every client here has one address, and none logs in: from 9.8 on that is punished.
  const lenience = major * 100 + minor >= 908 ? 'PerSourcePenalties no' : '';
  return `
${listen.join('\n')}
HostKey "${folder}/key"
PidFile none
UsePAM no
AuthorizedKeysFile none
LoginGraceTime ${LOGIN_S}
MaxStartups 20000
${lenience}
`;
}
