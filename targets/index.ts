import type { TargetDefinition } from '#target';
import { caddy } from './caddy/index.ts';
import { echo } from './echo/index.ts';
import { goHttp } from './go-http/index.ts';
import { gunicorn } from './gunicorn/index.ts';
import { haproxy } from './haproxy/index.ts';
import { http } from './http/index.ts';
import { httpd } from './httpd/index.ts';
import { javaHttp } from './java-http/index.ts';
import { javaNetty } from './java-netty/index.ts';
import { lighttpd } from './lighttpd/index.ts';
import { memcached } from './memcached/index.ts';
import { mosquitto } from './mosquitto/index.ts';
import { nginx } from './nginx/index.ts';
import { openssh } from './openssh/index.ts';
import { postgresql } from './postgresql/index.ts';
import { pythonAsyncio } from './python-asyncio/index.ts';
import { pythonHttp } from './python-http/index.ts';
import { pythonProtocol } from './python-protocol/index.ts';
import { redis } from './redis/index.ts';
import { rustHyper } from './rust-hyper/index.ts';
import { rustStd } from './rust-std/index.ts';
import { squid } from './squid/index.ts';
import { uvicorn } from './uvicorn/index.ts';
import { varnish } from './varnish/index.ts';
import { vsftpd } from './vsftpd/index.ts';

/** The servers that closewait knows, in the order in which they are run and listed. */
export const targets: readonly TargetDefinition[] = [
  echo,
  http,
  nginx,
  redis,
  httpd,
  haproxy,
  lighttpd,
  caddy,
  varnish,
  squid,
  memcached,
  postgresql,
  mosquitto,
  openssh,
  vsftpd,
  pythonHttp,
  pythonAsyncio,
  pythonProtocol,
  uvicorn,
  gunicorn,
  goHttp,
  javaHttp,
  javaNetty,
  rustStd,
  rustHyper,
];

/** Those that run unless others are named: two of our own and two that everybody knows, quick, and between them able to do all that cases ask. */
export const CORE = ['echo', 'http', 'nginx', 'redis'];
