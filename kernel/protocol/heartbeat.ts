import { v4 as newId } from "uuid";
import { Dealer, Proxy, Router, type SocketOptions } from "zeromq";

/**
 * Echoes what arrives on the heartbeat channel, on a thread of ZeroMQ's own: a kernel whose JavaScript is busy must not
 * look dead. The thread is a ZeroMQ proxy between the channel and a socket that is connected to itself, so that whatever
 * the proxy puts in comes back to it and goes out to its sender. (A worker thread would do as well, but costs 40 ms of a
 * CPU at start, and this ZeroMQ aborts the process when it exits with one alive.)
 */
export class Heartbeat {
  readonly endpoint: string;
  readonly #proxy: Proxy;
  readonly #ended: Promise<void>;
  // A thread that is still in the proxy would keep the process from exiting, however the exit came about.
  readonly #terminate = (): void => this.#proxy.terminate();

  private constructor(proxy: Proxy, endpoint: string) {
    this.endpoint = endpoint;
    this.#proxy = proxy;
    this.#ended = proxy.run();
    process.once("exit", this.#terminate);
  }

  /** Binds the channel, its socket with `options`, and starts the echo. */
  static async start(address: string, options: SocketOptions<Router>): Promise<Heartbeat> {
    const channel = new Router({ ...options, linger: 0, handover: true });
    try {
      await channel.bind(address);
    } catch (error) {
      channel.close();
      throw error;
    }
    const loop = new Dealer({ linger: 0 });
    const loopAddress = `inproc://heartbeat-${newId()}`;
    await loop.bind(loopAddress);
    loop.connect(loopAddress);
    return new Heartbeat(new Proxy(channel, loop), channel.lastEndpoint ?? address);
  }

  /** Ends the echo and closes the channel. */
  async stop(): Promise<void> {
    process.removeListener("exit", this.#terminate);
    this.#proxy.terminate();
    await this.#ended;
  }
}
