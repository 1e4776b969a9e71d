import { availableParallelism, freemem, hostname, totalmem } from "node:os";
import type { RequestHandler } from "../request.js";

/** What the kernel process takes: ipykernel's own request, which JupyterLab's resource display sends. */
export const usage: RequestHandler<"usage_request"> = {
  type: "usage_request",
  channels: ["control"],
  handle(context) {
    const share = context.usage.read();
    const total = totalmem();
    const available = freemem();
    context.reply({
      hostname: hostname(),
      pid: process.pid,
      kernel_cpu: share.kernel,
      kernel_memory: process.memoryUsage.rss(),
      cpu_count: availableParallelism(),
      host_cpu_percent: share.machine,
      host_virtual_memory: {
        total,
        available,
        percent: ((total - available) / total) * 100,
        used: total - available,
        free: available,
      },
    });
  },
};
