/** An array whose keys are stacks, as a notebook shows it. */
import { plainTexts, TestNotebook, WORKLOAD } from "./notebook.js";

test("keys are the names of functions, and a later cell still knows them", async () => {
  const notebook = new TestNotebook();
  try {
    const cell = await notebook.run(`%%trace -c '${WORKLOAD} chain --count 40 --rate 400 --name tapchain > /dev/null'
global stacks
probe syscall.getppid { if (execname() == "tapchain") stacks[ubacktrace()]++ }`);
    expect(cell.outcome.status).toBe("ok");
    const table = plainTexts(cell).find((text) => text.includes("chain_inner")) ?? "";
    expect(table).toMatch(/chain_inner < chain_middle < chain_outer < .* 40/);
    expect(table).toMatch(/chain_inner < chain_shortcut < .* 20/);
    const later = await notebook.run("foreach (stack in stacks- limit 1) print_ustack(stack)");
    expect(later.stdout).toMatch(/^ 0x[0-9a-f]+ : chain_inner\+\S+ \[.*workload\]\n 0x[0-9a-f]+ : chain_middle\+/);
  } finally {
    await notebook.close();
  }
});

test.each([
  ["that becomes the program", (program: string) => program],
  ["that starts the program", (program: string) => `${program}; true`],
])("a command %s has names, however soon it ends", async (_, command) => {
  const notebook = new TestNotebook();
  const tables: string[] = [];
  try {
    for (let run = 0; run < 20; run++) {
      const cell =
        await notebook.run(`%%trace -c '${command(`${WORKLOAD} chain --count 100 --name tapchain > /dev/null`)}'
global stacks
probe syscall.getppid { if (execname() == "tapchain") stacks[ubacktrace()]++ }`);
      tables.push(plainTexts(cell).find((text) => text.startsWith("stacks")) ?? "");
    }
  } finally {
    await notebook.close();
  }
  expect(tables).toHaveLength(20);
  for (const table of tables) {
    expect(table).toMatch(/chain_inner < chain_middle < chain_outer < .* 100/);
    expect(table).toMatch(/chain_inner < chain_shortcut < .* 50/);
  }
});

test("a program that a script is not about has names, however soon it ends", async () => {
  const notebook = new TestNotebook();
  const tables: string[] = [];
  try {
    for (let run = 0; run < 10; run++) {
      const cell = await notebook.run(`global stacks, calls
probe begin { system("sleep 0.2; ${WORKLOAD} chain --count 20 --name tapchain > /dev/null") }
probe syscall.getppid { if (execname() == "tapchain") { stacks[ubacktrace()]++; if (++calls == 30) exit() } }
probe timer.s(20) { exit() }`);
      tables.push(plainTexts(cell).find((text) => text.startsWith("stacks")) ?? "");
    }
  } finally {
    await notebook.close();
  }
  expect(tables).toHaveLength(10);
  for (const table of tables) {
    expect(table).toMatch(/chain_inner < chain_middle < chain_outer < .* 20/);
    expect(table).toMatch(/chain_inner < chain_shortcut < .* 10/);
  }
});
