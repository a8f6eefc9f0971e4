/** What an error code means and what its reader can do: `docs/errors.md` is this table, and a test keeps them equal. */
export interface ErrorEntry {
  /** Why it happens, in one or two sentences. */
  readonly cause: string;
  /** What to do next. */
  readonly remedy: string;
}

/** Every error that closewait raises on purpose. Anything else that is thrown is a bug (exit 70). */
export const ERRORS = {
  CW_USAGE: {
    cause: 'An argument, flag, target or selector is not one that closewait knows.',
    remedy: 'Read the suggestion in the message; `closewait --help` lists commands and flags.',
  },
  CW_CONFIG: {
    cause:
      'The configuration cannot be read, or has something that closewait does not know; the message names the key.',
    remedy:
      'It has {targets: {NAME: {exec, ready, cwd, env, speak, paths, traits}}, caseTimeout}: see the README; `closewait probe` prints traits.',
  },
  CW_STATE_NAME: {
    cause: 'A text that should name a TCP state names none, in any spelling of the RFC, ss or netstat.',
    remedy: 'Use one of the eleven names in the message, such as CLOSE_WAIT.',
  },
  CW_FLAGS: {
    cause: 'A text that should be a set of TCP flags has a letter that stands for no flag.',
    remedy: 'Use the letters S F R P U A E C, in any order: SA is a SYN that acknowledges.',
  },
  CW_ADDRESS: {
    cause:
      'A text or some bytes are not an IP address, or one of the other family than the packet it is for.',
    remedy:
      'Write IPv4 as 198.18.0.1 (no leading zeros) and IPv6 as 2001:db8::1 (no brackets, no zone such as %eth0).',
  },
  CW_DECODE: {
    cause:
      'Bytes are not a whole, well-formed TCP packet: the message names the field, its value and its place.',
    remedy:
      'Where such bytes are expected, read them through Ipv4View, Ipv6View and TcpView, which accept nonsense.',
  },
  CW_ENCODE: {
    cause:
      'A packet cannot be written: a value does not fit its field, or there are too many options or bytes.',
    remedy:
      'Correct the value; to send nonsense on purpose, encode a sound packet and change it through the views.',
  },
  CW_LIBC: {
    cause: 'libc could not be called: koffi has no build for this system, or this libc lacks the function.',
    remedy: 'Run `closewait doctor`; on Linux x64 and arm64 (glibc or musl) `npm ci` brings the right build.',
  },
  CW_SYSTEM_CALL: {
    cause: 'The kernel refused a system call; the message has the call and the errno.',
    remedy:
      'For EPERM or EACCES run `closewait doctor`: it names the missing privilege. For EMFILE raise `ulimit -n`.',
  },
  CW_NAMESPACE: {
    cause: 'The thread was not in the network namespace where it had to be; nothing was sent.',
    remedy: 'Report it with the message: this guard must never be reached.',
  },
  CW_NETLINK: {
    cause: 'The kernel refused a netlink request, or answered with what cannot be read.',
    remedy: 'For EPERM run `closewait doctor`. Otherwise report it with the kernel version (`uname -r`).',
  },
  CW_TARGET_NOT_INSTALLED: {
    cause: 'The target that was named is not installed on this machine.',
    remedy: 'Install it; `closewait targets` gives the command for each.',
  },
  CW_TARGET_START: {
    cause:
      'A server ended, or did not listen where it should, when it was started; the message has its last lines.',
    remedy: 'Run the command of the message by itself; `closewait targets` has what is known of each server.',
  },
  CW_TARGET_COMMAND: {
    cause:
      'The command line of a server cannot be run, or does not tell it the port that it is to listen on.',
    remedy:
      'Write the command as for a shell, with {port} where the port belongs: --exec "node server.js --port {port}".',
  },
  CW_TARGET_COMPILE: {
    cause:
      'A server that is compiled when it is first started could not be compiled, or the result could not be kept.',
    remedy:
      "Read the compiler's lines. Where the folder of the message is read-only, set XDG_CACHE_HOME to one that you may write to.",
  },
  CW_TARGET_GREETING: {
    cause: 'A server accepted no connection, or did not answer its greeting as it should.',
    remedy: 'Read what came in its place: the server may not be the one that was meant, or not work.',
  },
  CW_TARGET_DIED: {
    cause: 'The process of a server ended, or had been ended, when it was needed.',
    remedy: 'Read its last lines: if nothing there asked it to end, that is a finding about the server.',
  },
  CW_TARGET_SIGNAL: {
    cause: 'A process of a server did not stop, go on or end when the kernel was told to make it.',
    remedy: 'Look at it with `ps`: state D is a process that waits for a disk or a driver.',
  },
  CW_TARGET_PATH: {
    cause: 'A path that was given with --path does not do what it is named for.',
    remedy:
      'large answers 1 MiB or more, slow after 1 s or more, upload takes the body of a POST, effects has a number that grows with each GET of effect; all with status 2xx.',
  },
  CW_TARGET_PORT: {
    cause: 'A target has no such port or family, or no port is free for it.',
    remedy: 'Ask for the families and ports that the target has; `closewait targets` lists them.',
  },
  CW_NOT_LOOPBACK: {
    cause: 'closewait sends faults only to servers that it started or that listen on this machine.',
    remedy:
      'Run closewait on the machine of the server and name an address of 127.0.0.0/8, [::1] or localhost.',
  },
  CW_REPORT_FILE: {
    cause: 'The file that a result was to be written to cannot be written.',
    remedy: 'Name a file in a folder that exists and that you may write to.',
  },
  CW_SYSCTL: {
    cause: 'A kernel setting of the lab could not be read or set.',
    remedy:
      'In a container /proc/sys is often read-only: see `closewait doctor` for the options that it needs.',
  },
  CW_DEFAULT_ROUTE: {
    cause:
      'A network namespace that should be closed off has a default route, so that packets could leave the machine.',
    remedy: 'Nothing was sent. Report it: a lab never makes such a route.',
  },
  CW_PLANE: {
    cause: 'The plane that was asked for cannot be had on this machine.',
    remedy: 'Run `closewait doctor` for what is missing, or leave out --plane.',
  },
  CW_UNMET: {
    cause:
      'A case waited for something on the wire or from the server, and it did not come, or something else did.',
    remedy: 'Read what arrived in the message and the timeline: this is usually the finding itself.',
  },
  CW_PEER_ADDRESS: {
    cause: 'Two scripted peers were put at the same address and port.',
    remedy: 'Leave out `local`, so that each peer gets an end of its own.',
  },
  CW_RULE: {
    cause: 'A rule of the wire says what cannot be: a chance above 1, a range that ends before it begins.',
    remedy: 'The message names the value; correct it.',
  },
  CW_PEER_UNCONNECTED: {
    cause: 'A peer that waits for a caller was asked to send before anybody had called it.',
    remedy: "Await `expect({ flags: 'S' })` first.",
  },
  CW_OBSERVER: {
    cause:
      'A source of socket states (ss, netstat, /proc, sock_diag) is missing, failed or printed what cannot be read.',
    remedy: 'Run `closewait doctor`. Where a line could not be read, report it with the version of the tool.',
  },
  CW_CASE_FILE: {
    cause: 'A case does not lie at suites/<area>/<name>.case.ts, or says nothing to do.',
    remedy: 'Move the file: its path is the id of the case. Give it a `wire` or a `loopback` function.',
  },
  CW_UNAWAITED: {
    cause:
      'A case made an assertion that takes time and did not await it: it would have passed whatever happened.',
    remedy: 'Put `await` before `expect(...).to.reach(...)` and its like.',
  },
  CW_PROXY_LISTEN: {
    cause:
      'A fault proxy cannot listen at the address that was asked for: another has it, or it is not of this machine.',
    remedy: 'Ask for another address, or for port 0, and the kernel chooses one.',
  },
  CW_PROXY_EXISTS: {
    cause: 'A proxy has a toxic of that name already, in either direction.',
    remedy: 'Name the new one otherwise, or update the one that is there.',
  },
  CW_PROXY_UNKNOWN: {
    cause: 'A proxy has no toxic of that name.',
    remedy: 'List its toxics: GET /proxies/NAME/toxics.',
  },
  CW_PROXY_TOXIC: {
    cause: 'A toxic is not of a known type, or an attribute has a value that it cannot have.',
    remedy: 'The message names the attribute and its range.',
  },
  CW_PROXY_API: {
    cause: 'The API of the fault proxy cannot listen at its address.',
    remedy: 'Stop what listens there (it may be another Toxiproxy), or name another address with --listen.',
  },
  CW_PROXY_CONFIG: {
    cause: 'The file of proxies that --config names cannot be read, or one of its entries cannot be made.',
    remedy:
      'Correct the entry that the message names: {"name": "redis", "listen": "127.0.0.1:26379", "upstream": "127.0.0.1:6379"}.',
  },
  CW_PROXY_SERVER: {
    cause: 'A Toxiproxy server refused a request, did not answer in time, or is not there.',
    remedy: 'Read its own words in the message; `closewait proxy` or toxiproxy-server starts one.',
  },
  CW_PROXY_PROCESS: {
    cause: "The process that holds a case's fault proxies in its lab did not start, or ended.",
    remedy: 'Its last words are on stderr. A machine without memory ends processes; report it otherwise.',
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;

/** An error with a code from {@link ERRORS}: the message names the thing, the remedy says what to do next. */
export class CloseWaitError extends Error {
  readonly code: ErrorCode;
  readonly remedy: string;

  /**
   * @param message what happened, naming the thing (a file, a flag, an address, a packet)
   * @param options `remedy` replaces the table's general one where a more exact one is known
   */
  constructor(code: ErrorCode, message: string, options: { cause?: unknown; remedy?: string } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'CloseWaitError';
    this.code = code;
    this.remedy = options.remedy ?? ERRORS[code].remedy;
  }
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
