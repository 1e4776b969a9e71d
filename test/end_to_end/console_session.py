"""Types into jupyter-console in a terminal of its own, and prints all that the terminal was sent: CONNECTION_FILE.

Reads lines of JSON from standard input: a text to wait for, and the keys to press then.
"""

import json
import os
import pty
import select
import sys
import time

PATIENCE = 30.0

pid, terminal = pty.fork()
if pid == 0:
    os.environ["TERM"] = "dumb"
    # It gives up waiting after a second, and then takes one answer for another.
    patience = f"--ZMQTerminalInteractiveShell.kernel_is_complete_timeout={PATIENCE}"
    os.execv("/usr/bin/jupyter-console", ["jupyter-console", "--existing", sys.argv[1], patience])

seen = ""
read_up_to = 0


def receive(seconds):
    """Whether something came; raises EOFError when the console has ended."""
    global seen
    ready, _, _ = select.select([terminal], [], [], seconds)
    if not ready:
        return False
    try:
        data = os.read(terminal, 65536)
    except OSError:
        data = b""
    if not data:
        raise EOFError
    seen += data.decode("utf-8", "replace")
    return True


try:
    for line in sys.stdin:
        awaited, keys = json.loads(line)
        deadline = time.monotonic() + PATIENCE
        while awaited not in seen[read_up_to:]:
            receive(0.2)
            if time.monotonic() > deadline:
                sys.exit(f"waited too long for {awaited!r}:\n{seen}")
        read_up_to = seen.index(awaited, read_up_to) + len(awaited)
        os.write(terminal, keys.encode())
    while True:
        if not receive(PATIENCE):
            sys.exit(f"the console did not end:\n{seen}")
except EOFError:
    pass
_, status = os.waitpid(pid, 0)
print(seen)
sys.exit(os.waitstatus_to_exitcode(status))
