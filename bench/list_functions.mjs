/**
 * What `tapbook list [-L] PATTERN` does, on a machine whose kernel lets no function be probed: as if it did. Arguments: as there.
 */
import { root } from "./machine.mjs";

const [pattern, wantsVariables] = process.argv[2] === "-L" ? [process.argv[3], true] : [process.argv[2], false];

const [{ Session }, { catalogue }, { loadNative }, { listPoints }] = await Promise.all(
  ["session/session", "session/catalogue", "tracing/native", "session/point_list"].map(
    (name) => import(`${root}dist/kernel/${name}.js`),
  ),
);
const session = new Session({ native: loadNative(), catalogue, mode: "script" });
const target = Object.create(session.target(0), { refusal: { value: () => null } });
for (const listed of listPoints(pattern, catalogue, target))
  process.stdout.write(`${wantsVariables ? [listed.point, ...listed.variables].join(" ") : listed.point}\n`);
