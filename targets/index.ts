import type { TargetDefinition } from '#target';
import { echo } from './echo/index.ts';
import { goHttp } from './go-http/index.ts';
import { gunicorn } from './gunicorn/index.ts';
import { http } from './http/index.ts';
import { javaHttp } from './java-http/index.ts';
import { nginx } from './nginx/index.ts';
import { pythonAsyncio } from './python-asyncio/index.ts';
import { pythonHttp } from './python-http/index.ts';
import { pythonProtocol } from './python-protocol/index.ts';
import { redis } from './redis/index.ts';
import { rustStd } from './rust-std/index.ts';
import { uvicorn } from './uvicorn/index.ts';

/** The servers that closewait knows, in the order in which they are run and listed. */
export const targets: readonly TargetDefinition[] = [
  echo,
  http,
  nginx,
  redis,
  pythonHttp,
  pythonAsyncio,
  pythonProtocol,
  uvicorn,
  gunicorn,
  goHttp,
  javaHttp,
  rustStd,
];
