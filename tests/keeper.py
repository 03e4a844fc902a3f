"""Runs one server, and stops it when standard input closes: the tests' end of it closes even when they are killed.

Usage: keeper.py SIGNAL USER COMMAND... (an empty USER: whoever runs it). Exits with the server's own code.
"""

import signal
import subprocess
import sys
import threading

GRACE = 10.0


def stop_at_end_of_input(server: subprocess.Popen[bytes], how: signal.Signals) -> None:
    """Wait for the end of standard input, ask the server to stop, and after a while insist."""
    sys.stdin.buffer.read()
    server.send_signal(how)
    try:
        server.wait(GRACE)
    except subprocess.TimeoutExpired:
        server.kill()


def keep(how: signal.Signals, user: str | None, command: list[str]) -> int:
    """Run the command as that user until it ends or standard input does."""
    groups: list[str] | None = None if user is None else []
    server = subprocess.Popen(command, stdin=subprocess.DEVNULL, user=user, extra_groups=groups)
    threading.Thread(target=stop_at_end_of_input, args=(server, how), daemon=True).start()
    return server.wait()


if __name__ == "__main__":
    sys.exit(keep(signal.Signals[sys.argv[1]], sys.argv[2] or None, sys.argv[3:]))
