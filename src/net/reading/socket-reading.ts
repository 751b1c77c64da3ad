// Reads sockets into memory that is there already, stops at once, and starts again: the one place that reaches below
// Node's documented interface.

import { Socket, type SocketConstructorOpts } from 'node:net';
import { getSystemErrorName } from 'node:util';

/** What a socket has below it: one of libuv's streams, or TLS above one. Both methods return 0, or an error of libuv's. */
interface Handle {
  readonly reading: boolean;
  readStop(): number;
  readStart(): number;
}

const WASM_PAGE_BYTES = 64 * 1024;

/** Not among the types of Node, and not there where V8 may not compile. */
const { WebAssembly: Wasm } = globalThis as unknown as {
  readonly WebAssembly: {
    readonly Memory: new (pages: {
      readonly initial: number;
      readonly maximum: number;
    }) => { readonly buffer: ArrayBuffer };
  };
};

/** What Node keeps of a socket that a server accepted. */
interface Accepted {
  _handle: (Partial<Handle> & { readonly useUserBuffer?: unknown }) | null;
  /** The server, which counts its connections: with the second name while the socket is open. */
  server: unknown;
  _server: unknown;
}

/**
 * Memory for `readInto`, or null where there is none that suits. The system reads to where it was at first, so it
 * must stay there; but a callback that is given a payload could transfer its ArrayBuffer to a worker, which may free it.
 * WebAssembly's alone cannot be transferred in any Node.
 */
export function readMemory(bytes: number): Uint8Array | null {
  const pages = Math.ceil(bytes / WASM_PAGE_BYTES);
  try {
    return new Uint8Array(new Wasm.Memory({ initial: pages, maximum: pages }).buffer, 0, bytes);
  } catch {
    return null;
  }
}

/**
 * The socket to use in place of one that was just accepted: each 'data' of it is a view of what `memory` has given, which
 * any number of sockets may share: it is overwritten once the listener has returned.
 *
 * Otherwise Node reads into new memory of 64 KiB each time. V8 takes memory outside of its heap for a reason to look for
 * garbage: a receiver that is kept busy spent up to a fifth of its time in that. This is the option `onread` of net.Socket,
 * which accepted sockets cannot be given; so a second one takes over the handle. It is the same socket where a runtime has
 * no such handle, and on Windows, where the system may fill buffers between two calls.
 *
 * @param memory what to read into next; asked once before the first read with 0, then after each with its bytes
 */
export function readInto(socket: Socket, memory: (last: number) => Uint8Array): Socket {
  const accepted = socket as unknown as Accepted;
  const { _handle: handle, server } = accepted;
  if (typeof handle?.useUserBuffer !== 'function' || process.platform === 'win32') return socket;
  accepted._handle = null;
  accepted._server = null;
  let buffer = memory(0);
  const onread = {
    buffer: () => buffer,
    callback: (bytes: number) => {
      reading.emit('data', buffer.subarray(0, bytes));
      buffer = memory(bytes);
      return true;
    },
  };
  const reading = new Socket({ handle, onread } as SocketConstructorOpts);
  Object.assign(reading, { server, _server: server });
  return reading;
}

/**
 * Has no more read from a socket. What TLS has decrypted by then still comes as 'data'; the rest, an end or an error
 * among it, waits in the kernel.
 *
 * `socket.pause()` is not enough: it stops the listener, and one more chunk of 64 KiB of every socket that has one is read
 * into memory first. This is what Node does when a stream is full (`onStreamRead` in
 * lib/internal/stream_base_commons.js), and after it libuv passes over the socket even where the kernel has reported it
 * already (`uv__io_poll`, src/unix/linux.c). Where a handle cannot do that, `pause()` it is.
 */
export function stopReading(socket: Socket): void {
  const handle = handleOf(socket);
  // `reading` stays true: with false, Node would take it for a stream that was full, and start it after the next chunk.
  if (handle?.reading === true) handle.readStop();
  else socket.pause();
}

/** Has a socket read again that `stopReading` was called for. */
export function startReading(socket: Socket): void {
  const handle = handleOf(socket);
  if (socket.isPaused() || handle === null) {
    socket.resume();
    return;
  }
  const status = handle.readStart();
  // Already: Node has started it, where what TLS had left filled the stream for a moment.
  if (status < 0 && getSystemErrorName(status) !== 'EALREADY') {
    socket.destroy(new Error(`the socket cannot be read any more: ${getSystemErrorName(status)}`));
  }
}

/** The handle, where it has what is needed; null in other runtimes, and once the socket is closed. */
function handleOf(socket: Socket): Handle | null {
  const { _handle: handle } = socket as Socket & { readonly _handle?: Partial<Handle> | null };
  if (typeof handle?.readStop !== 'function' || typeof handle.readStart !== 'function') return null;
  return handle as Handle;
}
