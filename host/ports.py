"""Free ports on the loopback address."""

import socket
from contextlib import ExitStack

LOOPBACK = "127.0.0.1"


def pick_ports(count: int) -> list[int]:
	"""Return `count` different ports that nothing listens on now."""
	with ExitStack() as stack:
		sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
		for one in sockets:
			one.bind((LOOPBACK, 0))
		return [one.getsockname()[1] for one in sockets]


def is_free(port: int) -> bool:
	"""Tell whether a server could listen on `port` now."""
	with socket.socket() as one:
		one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
		try:
			one.bind((LOOPBACK, port))
		except OSError:
			return False
	return True


def keep_or_pick(ports: dict[str, int], names: list[str], running: set[str]) -> dict[str, int]:
	"""Return a port for every name: the one it had while that is still its own or free, else a new one."""
	kept = {
		name: ports[name] for name in names if name in ports and (name in running or is_free(ports[name]))
	}
	missing = [name for name in names if name not in kept]
	return {**kept, **dict(zip(missing, pick_ports(len(missing)), strict=True))}
