/** A connection that this process makes to itself, as the kernel sees its packets and its socket. */
import { once } from "node:events";
import { connect, createServer, type AddressInfo } from "node:net";
import { trace } from "../probes/traced_workload.js";

test("packets and sockets of a connection", async () => {
  const server = createServer((socket) => socket.end("hello"));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  let clientPort = 0;
  const { printed, failures } = await trace(
    `probe kernel.trace("netif_receive_skb") {
      if (ntohs(@cast($skb, "sk_buff")->protocol) != 0x800 || ipmib_get_proto($skb) != 6) next
      # The other end of what is received is the server's for what the client gets.
      if (ipmib_tcp_remote_port($skb, 0) != ${port} || ipmib_tcp_local_port($skb, 1) != ${port}) next
      printf("%d %s %s %d\\n", ipmib_tcp_local_port($skb, 0), ip_ntop(htonl(ipmib_local_addr($skb, 0))), ip_ntop(htonl(ipmib_remote_addr($skb, 0))),
        ipmib_tcp_remote_port($skb, 1) == ipmib_tcp_local_port($skb, 0) && ipmib_local_addr($skb, 1) == ipmib_remote_addr($skb, 0))
    }
    probe kernel.trace("tcp_probe") {
      if (tcpmib_remote_port($sk) == ${port} && tcp_ts_get_info_state($sk) == 1)
        printf("%s %d %d\\n", tcp_sockstate_str(tcpmib_get_state($sk)), tcp_get_info_rto($sk), tcp_get_info_snd_cwnd($sk))
    }`,
    "syscalls getppid --count 1",
    {},
    async () => {
      const client = connect(port, "127.0.0.1");
      await once(client, "connect");
      clientPort = client.localPort ?? 0;
      client.resume();
      client.write("hello");
      await once(client, "close");
    },
  );
  server.close();
  expect(failures).toEqual([]);
  const lines = printed.trimEnd().split("\n");
  const packets = lines.filter((line) => line.includes("."));
  expect(new Set(packets)).toEqual(new Set([`${clientPort} 127.0.0.1 127.0.0.1 1`]));
  const sockets = lines.filter((line) => line.startsWith("TCP_ESTABLISHED "));
  expect(sockets.length).toBeGreaterThan(0);
  for (const line of sockets) {
    const [, timeout, window] = line.split(" ").map(Number);
    // RFC 6928's first window, which grows, and Linux's TCP_RTO_MIN, above which the time of a loopback's round trip is little.
    expect(window).toBeGreaterThanOrEqual(10);
    expect(timeout).toBeGreaterThanOrEqual(200_000);
    expect(timeout).toBeLessThan(1_000_000);
  }
});
