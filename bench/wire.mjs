/** Jupyter messages as ZeroMQ frames, from a client's side. */
import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";

const delimiter = "<IDS|MSG>";

/** Builds, signs and opens the messages of one client session. */
export class Wire {
  #key;
  #session = randomUUID();

  constructor(key) {
    this.#key = key;
  }

  #sign(frames) {
    const hmac = createHmac("sha256", this.#key);
    for (const frame of frames) hmac.update(frame);
    return hmac.digest("hex");
  }

  /** @returns {{id: string, frames: string[]}} the message's identity and what goes over the socket */
  request(type, content) {
    const header = {
      msg_id: randomUUID(),
      session: this.#session,
      username: process.env.USER ?? "",
      date: new Date().toISOString(),
      msg_type: type,
      version: "5.4",
    };
    const parts = [header, {}, {}, content].map((part) => JSON.stringify(part));
    return { id: header.msg_id, frames: [delimiter, this.#sign(parts), ...parts] };
  }

  /** Opens what a kernel sent; throws where the signature is wrong. */
  open(frames) {
    const start = frames.findIndex((frame) => frame.toString() === delimiter);
    if (start < 0 || frames.length < start + 6)
      throw new Error("the kernel sent a message that is not a Jupyter message");
    const signature = frames[start + 1];
    const parts = frames.slice(start + 2, start + 6);
    const expected = Buffer.from(this.#sign(parts));
    if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) {
      throw new Error("the kernel sent a message with a wrong signature");
    }
    const [header, parent, metadata, content] = parts.map((part) => JSON.parse(part.toString()));
    return { type: header.msg_type, header, parent, metadata, content };
  }
}
