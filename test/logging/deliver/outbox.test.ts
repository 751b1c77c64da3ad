// The delivery engine: order, batches, bounds, retries, an end to all waiting, and an account that adds up.

import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { BoundedCounter } from '../../../src/logging/bounded-counter.ts';
import { Outbox, type OutboxLimits, type OutboxOwner } from '../../../src/logging/deliver/outbox.ts';
import { RefusedError, type Transport } from '../../../src/logging/deliver/transport.ts';

/** A transport that does what a test says, and notes what was sent. */
class FakeTransport implements Transport {
  readonly batchBytesMax: number;
  isOpen = false;
  readonly sent: string[] = [];
  readonly calls: string[] = [];
  /** What `open` and `send` do, where they do not simply succeed. */
  onOpen: (() => Promise<void>) | null = null;
  onSend: ((text: string) => Promise<void>) | null = null;
  #fail: ((error: Error) => void) | null = null;

  constructor(batchBytesMax = 0) {
    this.batchBytesMax = batchBytesMax;
  }

  async open(): Promise<void> {
    this.calls.push('open');
    await this.onOpen?.();
    this.isOpen = true;
  }

  async send(bytes: Uint8Array): Promise<void> {
    const text = Buffer.from(bytes).toString();
    await this.onSend?.(text);
    this.sent.push(text);
  }

  destroy(error: Error): void {
    this.calls.push('destroy');
    this.isOpen = false;
    this.#fail?.(error);
  }

  async close(): Promise<void> {
    this.calls.push('close');
    this.isOpen = false;
  }

  /** Waits until `destroy`. */
  hang = (): Promise<void> => new Promise((_, reject) => (this.#fail = reject));

  /** The connection breaks with the next bytes, which do not arrive. */
  breakOnce(): void {
    this.onSend = () => {
      this.onSend = null;
      this.isOpen = false;
      return Promise.reject(new Error('broken'));
    };
  }
}

class Owner implements OutboxOwner {
  written = 0;
  failed = 0;
  readonly dropped: BoundedCounter = new BoundedCounter();
  readonly errors: string[] = [];
  retryStart = 1000;
  retryFactor = 1;
  retryMax = 1000;

  handleError(error: unknown): void {
    this.errors.push((error as Error).message);
  }

  /** `written`, `failed`, and all that was dropped. */
  get account(): readonly [number, number, number] {
    return [this.written, this.failed, [...this.dropped.values()].reduce((sum, count) => sum + count, 0)];
  }
}

interface Made {
  readonly box: Outbox;
  readonly owner: Owner;
  readonly errors: string[];
  readonly push: (...texts: readonly string[]) => void;
}

function outbox(transport: Transport, options: OutboxLimits = {}): Made {
  const owner = new Owner();
  const box = new Outbox(transport, owner, options);
  onTestFinished(() => box.close().catch(() => {}));
  const push = (...texts: readonly string[]): void => {
    for (const text of texts) box.push(Buffer.from(text), 'INFO');
  };
  return { box, owner, errors: owner.errors, push };
}

const refuse = (): Promise<void> => Promise.reject(new Error('refused'));
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('messages', () => {
  test.each([
    [100, ['one2three']],
    [8, ['one2', 'three']],
    [4, ['one2', 'three']],
    [3, ['one', '2', 'three']],
    [0, ['one', '2', 'three']],
  ])('are sent in order, joined while they have at most %d bytes', async (batchBytesMax, sent) => {
    const transport = new FakeTransport(batchBytesMax);
    const { box, owner, push } = outbox(transport);
    push('one', '2', 'three');
    await box.flush();
    expect([transport.sent, owner.account]).toEqual([sent, [3, 0, 0]]);
  });

  test('that come while others are being sent go out behind them', async () => {
    const transport = new FakeTransport(100);
    const { box, push } = outbox(transport);
    push('1');
    await box.flush();
    await turn();
    push('2');
    push('3', '4');
    await box.flush();
    expect([transport.sent, transport.calls]).toEqual([['1', '2', '34'], ['open']]);
  });

  test('let the event loop turn, however quickly they are sent', async () => {
    const transport = new FakeTransport();
    const { box, push } = outbox(transport);
    let turns = 0;
    const count = (): void => {
      turns++;
      if (box.waiting > 0) setImmediate(count);
    };
    transport.onSend = async () => {
      for (const end = performance.now() + 1; performance.now() < end; );
    };
    push(...Array.from({ length: 100 }, () => 'x'));
    count();
    await box.flush();
    expect(turns).toBeGreaterThan(3);
  });
});

describe('beyond the bytes that may wait', () => {
  test('the newest are dropped, and counted by level; what is being sent waits too', async () => {
    const transport = new FakeTransport();
    const { box, owner } = outbox(transport, { maxPending: 300 });
    for (const [size, level] of [
      [200, 'INFO'],
      [101, 'ERROR'],
      [100, 'INFO'],
      [1, 'DEBUG'],
    ] as const) {
      box.push(new Uint8Array(size).fill(120), level);
    }
    expect([box.pending, box.waiting]).toEqual([300, 2]);
    await box.flush();
    expect([box.pending, box.waiting]).toEqual([0, 0]);
    box.push(new Uint8Array(300), 'INFO');
    await box.flush();
    expect([transport.sent.map(({ length }) => length), [...owner.dropped]]).toEqual([
      [200, 100, 300],
      [
        ['ERROR', 1],
        ['DEBUG', 1],
      ],
    ]);
  });

  test('a message counts 64 at least', () => {
    const { box, owner, push } = outbox(new FakeTransport(), { maxPending: 10 * 64 });
    push(...Array.from({ length: 11 }, () => ''));
    expect([box.pending, box.waiting, owner.account]).toEqual([640, 10, [0, 0, 1]]);
  });
});

describe('what cannot be sent', () => {
  test.each(['onOpen', 'onSend'] as const)(
    'waits, is reported at each attempt, and goes out later (%s)',
    async (step) => {
      const transport = new FakeTransport();
      transport[step] = refuse;
      const { box, owner, errors, push } = outbox(transport);
      push('one');
      await expect(box.flush()).rejects.toThrow('refused');
      await expect(box.flush()).rejects.toThrow('refused');
      transport[step] = null;
      push('two');
      await box.flush();
      expect([transport.sent, errors, owner.account]).toEqual([
        ['one', 'two'],
        ['refused', 'refused'],
        [2, 0, 0],
      ]);
    },
  );

  test('waits longer after each failure, and messages that come meanwhile hurry nothing', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const transport = new FakeTransport();
    transport.onOpen = refuse;
    const { owner, push } = outbox(transport);
    Object.assign(owner, { retryStart: 1, retryFactor: 2, retryMax: 5 });
    push('x');
    for (const [attempts, seconds] of [1, 2, 4, 5, 5].entries()) {
      await vi.advanceTimersByTimeAsync(seconds * 1000 - 1);
      push('x');
      expect(transport.calls.length).toBe(attempts + 1);
      await vi.advanceTimersByTimeAsync(1);
      expect(transport.calls.length).toBe(attempts + 2);
    }
    transport.onOpen = null;
    await vi.advanceTimersByTimeAsync(5000);
    expect(transport.sent.length).toBe(6);
    // The connection was good: one attempt follows at once, and the wait after it is the first again.
    transport.isOpen = false;
    transport.onOpen = refuse;
    const { length } = transport.calls;
    push('x');
    await vi.advanceTimersByTimeAsync(1000);
    expect(transport.calls.length).toBe(length + 2);
  });

  test('at any of several addresses is reported by the last of them', async () => {
    const transport = new FakeTransport();
    transport.onOpen = () => Promise.reject(new AggregateError(['::1', '127.0.0.1'].map((host) => new Error(host))));
    const { box, errors, push } = outbox(transport);
    push('one');
    await expect(box.flush()).rejects.toThrow('127.0.0.1');
    expect(errors).toEqual(['127.0.0.1']);
  });

  test.each(['onOpen', 'onSend'] as const)('because there is no answer fails in time (%s)', async (step) => {
    const transport = new FakeTransport();
    transport[step] = transport.hang;
    const { box, errors, push } = outbox(transport, { timeout: 1 });
    push('one');
    await expect(box.flush()).rejects.toThrow('no answer within 1 ms');
    expect([errors, transport.calls.includes('destroy')]).toEqual([['no answer within 1 ms'], true]);
  });
});

describe('a connection that breaks', () => {
  test('after it was good is made again at once; what was being sent goes out again, whole and first', async () => {
    const transport = new FakeTransport(100);
    const { box, owner, errors, push } = outbox(transport);
    push('0');
    await box.flush();
    transport.breakOnce();
    push('1');
    push('2', '3');
    await box.flush();
    expect([transport.sent.join(''), errors, owner.account]).toEqual(['0123', ['broken'], [4, 0, 0]]);
    expect(transport.calls).toEqual(['open', 'open']);
  });

  test('before it has taken anything makes the next attempt wait', async () => {
    const transport = new FakeTransport(100);
    const { box, owner, push } = outbox(transport);
    transport.breakOnce();
    push('1', '2', '3');
    await expect(box.flush()).rejects.toThrow('broken');
    await turn();
    expect([transport.sent, transport.calls, owner.account, box.waiting]).toEqual([[], ['open'], [0, 0, 0], 3]);
    await box.flush();
    expect([transport.sent.join(''), owner.account]).toEqual(['123', [3, 0, 0]]);
  });
});

describe('a message that is refused', () => {
  test('for good is counted as failed, and those behind it go on', async () => {
    const transport = new FakeTransport();
    transport.onSend = async (text) => {
      if (text === 'bad') throw new RefusedError('too long', null);
    };
    const { box, owner, errors, push } = outbox(transport);
    push('1', 'bad', '2');
    await box.flush();
    expect([transport.sent, errors, owner.account]).toEqual([['1', '2'], ['too long'], [2, 1, 0]]);
  });

  test('until later is sent again, not before the time that is asked for', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const transport = new FakeTransport();
    const { owner, push } = outbox(transport);
    Object.assign(owner, { retryStart: 1, retryMax: 30 });
    transport.onSend = () => Promise.reject(new RefusedError('busy', 7));
    push('1', '2');
    await vi.advanceTimersByTimeAsync(6999);
    expect([owner.errors, transport.sent]).toEqual([['busy'], []]);
    transport.onSend = null;
    await vi.advanceTimersByTimeAsync(1);
    expect([transport.sent, owner.account]).toEqual([
      ['1', '2'],
      [2, 0, 0],
    ]);
  });
});

describe('hanging up', () => {
  test('closes the connection behind what waits, and the next message opens another', async () => {
    const transport = new FakeTransport(100);
    const { box, push } = outbox(transport);
    push('1');
    await box.flush();
    push('2');
    box.hangUp();
    box.hangUp();
    push('3');
    await box.flush();
    expect([transport.sent, transport.calls]).toEqual([
      ['1', '2', '3'],
      ['open', 'close', 'open'],
    ]);
  });

  test('does nothing where there is no connection', async () => {
    const transport = new FakeTransport();
    outbox(transport).box.hangUp();
    await turn();
    expect(transport.calls).toEqual([]);
  });
});

describe('closing', () => {
  test('sends what waits first; a later message opens the connection again', async () => {
    const transport = new FakeTransport();
    const { box, push } = outbox(transport);
    push('one');
    await box.close();
    push('two');
    await Promise.all([box.close(), box.close()]);
    expect([transport.sent, transport.calls]).toEqual([
      ['one', 'two'],
      ['open', 'close', 'open', 'close'],
    ]);
  });

  test('and sending leave nothing behind that would break the connection later', async () => {
    const transport = new FakeTransport();
    const { box, push } = outbox(transport, { timeout: 100 });
    push('one');
    await box.close();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(transport.calls).toEqual(['open', 'close']);
  });

  test('tries once more, and counts what is lost', async () => {
    const transport = new FakeTransport();
    transport.onOpen = refuse;
    const { box, owner } = outbox(transport);
    box.push(Buffer.from('one'), 'INFO');
    box.push(Buffer.from('two'), 'ERROR');
    await turn();
    await expect(box.close()).rejects.toThrow('refused');
    expect([transport.calls, [...owner.dropped], box.pending, box.waiting]).toEqual([
      ['open', 'open'],
      [
        ['INFO', 1],
        ['ERROR', 1],
      ],
      0,
      0,
    ]);
    transport.onOpen = null;
    await box.close();
    expect(transport.sent).toEqual([]);
  });

  test.each([
    ['fails', (transport: FakeTransport) => transport.hang()],
    ['succeeds all the same', (transport: FakeTransport) => transport.hang().catch(() => {})],
  ])('ends in time where what is being sent then %s, and each message is counted once', async (_, onSend) => {
    const transport = new FakeTransport();
    transport.onSend = () => onSend(transport);
    const { box, owner, push, errors } = outbox(transport, { timeout: 20, sendTimeout: Number.POSITIVE_INFINITY });
    push(...Array.from({ length: 1000 }, () => 'x'));
    await expect(box.close()).rejects.toThrow('not everything was sent within 20 ms');
    expect(owner.account).toEqual([transport.sent.length, 0, 1000 - transport.sent.length]);
    expect([errors, transport.sent.length < 2]).toEqual([[], true]);
    transport.onSend = null;
    push('late');
    await box.close();
    expect(transport.sent.at(-1)).toBe('late');
  });
});
