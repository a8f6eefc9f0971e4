import { asOrdinaryUser, endsWith, findProgram, LARGE, WINDOW_FILLING, type TargetProgram } from '#target';
import { BANNED, configure, IDLE_S } from './configuration.ts';

/** It writes its version to stdin, and stands where ordinary users have no PATH to. */
const VERSION = 'PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin; vsftpd -v 0>&1';

/** One process for each file of configuration, ended with the shell. */
const EACH = 'trap "kill \\$(jobs -p)" TERM; for file; do vsftpd "$file" & done; wait';

const login = (password: string): string => `USER anonymous\r\nPASS ${password}\r\n`;

/** Files with names so long that the line of each in a listing has 256 bytes. */
const NAMES = Array.from({ length: 256 }, (_, index) => String(index).padEnd(198, 'x'));

/** Listings that come on the control connection itself, bytes at the least. */
const listings = (bytes: number): string =>
  `${login('me')}${'STAT .\r\n'.repeat(bytes / (256 * NAMES.length))}`;

/** The most that a line may have, bytes (defs.h, VSFTP_MAX_COMMAND_LINE). */
const LINE = 4096;

export const vsftpd: TargetProgram = {
  name: 'vsftpd',
  title: 'vsftpd with anonymous users: its control connection',
  install: 'apt-get install vsftpd',
  find: () => findProgram('sh', ['-c', VERSION], /^vsftpd: version ([\d.]+)/m),
  plan: (context, { program }) => {
    const configurations = context.addresses.map(
      (address, index) => [`${index}.conf`, configure(context, address)] as const,
    );
    const names = configurations.map(([name]) => name);
    return {
      command: asOrdinaryUser([program, '-c', EACH, 'sh', ...names]),
      files: {
        ...Object.fromEntries(configurations),
        ...Object.fromEntries(NAMES.map((name) => [`files/${name}`, ''])),
        banned: `${BANNED}\n`,
      },
    };
  },
  ready: 'listen',
  // Its banner comes first, once.
  greeting: { send: 'NOOP\r\n', reply: /^(220 .*\r\n)?530 .*\r\n$/ },
  traits: {
    closesFirst: { send: 'QUIT\r\n', reply: /221 .*\r\n$/ },
    largeThenCloses: { send: `${listings(WINDOW_FILLING)}QUIT\r\n`, bytes: WINDOW_FILLING },
    closesOnFin: true,
    large: { send: `${listings(LARGE)}NOOP\r\n`, bytes: LARGE, reply: endsWith('200 NOOP ok.\r\n', LARGE) },
    // delay_failed_login is a second by default.
    slow: { send: login(BANNED), reply: /530 Login incorrect\.\r\n$/, afterMs: 1000 },
    // What follows belongs to a command's line, which is too long already.
    refusesUpload: { send: `NOOP ${'x'.repeat(2 * LINE)}`, reply: /500 .*\r\n$/ },
    timeouts: { idle: IDLE_S * 1000, head: IDLE_S * 1000, write: IDLE_S * 1000 },
    // defs.h, VSFTP_LISTEN_BACKLOG
    backlog: 32,
  },
};
