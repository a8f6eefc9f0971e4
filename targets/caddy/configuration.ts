import { bracketed, type StartContext } from '#target';

/**
 * Caddyfile: a file server and a reverse proxy. What takes a body, or a while, or is counted, is passed on to a site of its
 * own on a Unix socket, as to an application: its log tells what has arrived there.
 */
export function configure({ folder, addresses, ports, dialTo }: StartContext): string {
  const dials = ([4, 6] as const).flatMap((family) => {
    const to = dialTo[family];
    if (to === undefined) return [];
    return `handle /dial${family} {
    reverse_proxy ${bracketed(to.address)}:${to.port} {
      transport http {
        dial_timeout 2s
      }
    }
  }`;
  });
  const socket = `unix/${folder}/application.sock`;
  return `
{
  admin off
  auto_https off
  storage file_system ${folder}/storage
  grace_period 2s
  log {
    level WARN
  }
  servers {
    timeouts {
      read_header 2s
      read_body 2s
      write 2s
      idle 1500ms
    }
  }
}

http://:${ports['main']} {
  bind ${addresses.join(' ')}
  handle /refuse {
    respond 413
  }
  handle /application/* {
    reverse_proxy ${socket} {
      buffer_requests
    }
  }
  ${dials.join('\n  ')}
  handle {
    root * html
    file_server
  }
}

http:// {
  bind ${socket}
  log {
    output file ${folder}/html/runs
    format filter {
      wrap console
    }
  }
  # Nobody listens there: to try again for so long is the one thing for which it waits by itself.
  handle /application/slow {
    reverse_proxy unix/${folder}/nobody.sock {
      lb_try_duration 1s
      lb_try_interval 500ms
    }
  }
  handle {
    respond "done"
  }
  handle_errors {
    respond "slow" 200
  }
}
`;
}
