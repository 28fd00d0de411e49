"""measure.py OUT [INPUT] -- COMMAND ...: runs a command, keeps what it prints in OUT, and says what it took.

A small process of its own, since a child's greatest memory counts from that of whoever started it.
"""
import json
import os
import sys
import time


def main():
    split = sys.argv.index("--")
    out, command = sys.argv[1:split], sys.argv[split + 1:]
    source = os.open(out[1] if len(out) > 1 else os.devnull, os.O_RDONLY)
    reading, writing = os.pipe()
    errors = os.open(out[0] + ".err", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    begin = time.perf_counter()
    actions = [(os.POSIX_SPAWN_DUP2, source, 0), (os.POSIX_SPAWN_DUP2, writing, 1), (os.POSIX_SPAWN_DUP2, errors, 2)]
    child = os.posix_spawnp(command[0], command, os.environ, file_actions=actions)
    os.close(writing)
    parts = []
    while part := os.read(reading, 1 << 20):
        parts.append(part)
    _, status, usage = os.wait4(child, 0)
    wall = time.perf_counter() - begin
    with open(out[0], "wb") as file:
        file.writelines(parts)
    print(json.dumps({"wall": wall, "cpu": usage.ru_utime + usage.ru_stime, "peak_mb": usage.ru_maxrss / 1024,
                      "code": os.waitstatus_to_exitcode(status)}))


main()
