// Every handler passes the contract of handlers, with real files, sockets and servers.

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { openSync, readFileSync } from 'node:fs';
import { createServer as createWebServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { onTestFinished, vi } from 'vitest';
import {
  BufferedWriter,
  DatagramHandler,
  FileHandler,
  type Handler,
  HTTPHandler,
  LogQueue,
  MemoryHandler,
  QueueHandler,
  QueueListener,
  RotatingFileHandler,
  SocketHandler,
  StreamHandler,
  SysLogHandler,
  TimedRotatingFileHandler,
  WatchedFileHandler,
} from '../../../src/logging/index.ts';
import { unpickle } from '../../../src/pickle/index.ts';
import { Messages } from '../../receiver/receiving.ts';
import { handlerContract, type Subject } from './contract.ts';
import { useScratch } from './scratch.ts';
import { FrameReceiver } from './socket-receiver.ts';

const scratch = useScratch();
const MAX_PENDING = 64 * 1024;

/** A subject whose messages are the lines of a file. */
function inFile(handler: Handler, path: string): Subject {
  return { handler, received: async () => readFileSync(path, 'utf8').split('\n').slice(0, -1) };
}

function file(make: (path: string) => Handler): () => Promise<Subject> {
  return async () => {
    const path = scratch.path('log');
    return inFile(make(path), path);
  };
}

/** A subject whose messages arrive in a list, later. */
function inList(handler: Handler, list: readonly string[]): Subject {
  return {
    handler,
    received: async (wanted) => {
      await vi.waitFor(() => {
        if (list.length < wanted) throw new Error(`${list.length} of ${wanted} messages have come`);
      });
      return [...list];
    },
  };
}

handlerContract('StreamHandler, to a stream of text', {
  make: async () => {
    const texts: string[] = [];
    const handler = new StreamHandler({ write: (text) => texts.push(text.slice(0, -1)) });
    return { handler, received: async () => texts };
  },
  drops: false,
  afterClose: 'opens',
});

handlerContract('StreamHandler, to a BufferedWriter', {
  make: async () => {
    const path = scratch.path('log');
    return inFile(new StreamHandler(new BufferedWriter(openSync(path, 'a'), { maxPending: MAX_PENDING })), path);
  },
  drops: true,
  afterClose: 'opens',
});

const options = { maxPending: MAX_PENDING };
const files: readonly [string, (path: string) => Handler][] = [
  ['FileHandler', (path) => new FileHandler(path, options)],
  ['WatchedFileHandler', (path) => new WatchedFileHandler(path, options)],
  ['RotatingFileHandler', (path) => new RotatingFileHandler(path, { ...options, maxBytes: 2 ** 30, backupCount: 1 })],
  ['TimedRotatingFileHandler', (path) => new TimedRotatingFileHandler(path, { ...options, when: 'D' })],
];
for (const [name, make] of files) handlerContract(name, { make: file(make), drops: true, afterClose: 'opens' });

handlerContract('SocketHandler', {
  make: async () => {
    const receiver = await FrameReceiver.listen();
    const handler = new SocketHandler('127.0.0.1', receiver.port, { maxPending: MAX_PENDING });
    return {
      handler,
      received: async (wanted) => {
        await receiver.received(wanted);
        return receiver.messages as string[];
      },
    };
  },
  drops: true,
  afterClose: 'opens',
});

handlerContract('DatagramHandler', {
  make: async () => {
    const [socket, messages] = [createSocket('udp4'), [] as string[]];
    socket.on('message', (bytes) => {
      messages.push((unpickle(bytes.subarray(4)) as Map<string, string>).get('msg') as string);
    });
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    onTestFinished(() => void socket.close());
    return inList(new DatagramHandler('127.0.0.1', socket.address().port), messages);
  },
  drops: false, // the kernel may drop as well, and says nothing
  afterClose: 'opens',
});

handlerContract('SysLogHandler, over TCP', {
  make: async () => {
    const messages: string[] = [];
    let rest = '';
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.setEncoding('utf8').on('data', (text: string) => {
        const parts = (rest + text).split('\0');
        rest = parts.pop() as string;
        messages.push(...parts.map((part) => part.replace(/^<\d+>/, '')));
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const handler = new SysLogHandler({ address: ['127.0.0.1', port], socktype: 'tcp', maxPending: MAX_PENDING });
    return inList(handler, messages);
  },
  drops: true,
  afterClose: 'opens',
});

handlerContract('HTTPHandler', {
  make: async () => {
    const messages: string[] = [];
    const server = createWebServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      request.on('end', () => {
        messages.push(new URLSearchParams(body).get('msg') as string);
        response.end();
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const handler = new HTTPHandler(`127.0.0.1:${port}`, '/', { method: 'POST', maxPending: MAX_PENDING });
    return inList(handler, messages);
  },
  drops: true,
  afterClose: 'opens',
});

handlerContract('MemoryHandler, to a target', {
  make: async () => {
    const target = new Messages();
    return { handler: new MemoryHandler(7, { target }), received: async () => target.texts };
  },
  drops: false,
  afterClose: 'ends',
});

handlerContract('QueueHandler, with a listener', {
  make: async () => {
    const target = new Messages();
    const queue = new LogQueue(1000);
    const handler = new QueueHandler(queue);
    handler.listener = new QueueListener(queue, [target]);
    handler.listener.start();
    return { handler, received: async () => target.texts };
  },
  drops: true,
  afterClose: 'ends',
});
