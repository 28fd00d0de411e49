#!/usr/bin/env bash
# A Spark cluster on this machine, to try things and to test: a master, two workers and the Connect server, or one JVM.
#
#   cluster/local.sh start [cluster|single]     begins it, and says where it listens
#   cluster/local.sh stop                       ends it
#   cluster/local.sh status                     what runs, and on which addresses
#
# All of it listens on 127.0.0.1 only, which is checked. Nothing is authenticated: this is no set-up for a network.
# Everything stands in one folder, PURVEY_SPARK_HOME (default: target/spark beside this script): an environment of Python
# with pyspark[connect], logs, what workers keep.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
home=${PURVEY_SPARK_HOME:-$here/target/spark}
version=4.3.0
python=${PURVEY_PYSPARK:-$home/python}
port=${PURVEY_SPARK_PORT:-15002}
master_port=${PURVEY_SPARK_MASTER_PORT:-7077}
memory=${PURVEY_SPARK_MEMORY:-1g}
wait_s=${PURVEY_SPARK_WAIT:-120}

die() { echo "local.sh: $*" >&2; exit 1; }

install() {
    [ -e "$python/complete" ] && return
    command -v java >/dev/null || die "there is no Java; Spark $version needs Java 17 or later"
    mkdir -p "$home"
    if [ ! -d "$python" ]; then
        python3 -m venv "$python" >/dev/null || die "Python cannot make an environment (python3-venv)"
    fi
    timeout 900 "$python/bin/pip" install --quiet --disable-pip-version-check "pyspark[connect]==$version" \
        >"$home/pip.log" 2>&1 || die "pyspark[connect]==$version cannot be installed: $(tail -n 1 "$home/pip.log")"
    touch "$python/complete"
}

spark_home() { "$python/bin/python" -c 'import os, pyspark; print(os.path.dirname(pyspark.__file__))'; }

# Starts a program of its own session, so that it outlives this script, and keeps its number.
launch() {
    local name=$1
    shift
    setsid "$@" >"$home/log/$name" 2>&1 </dev/null &
    echo $! >"$home/run/$name"
}

alive() { [ -e "$home/run/$1" ] && kill -0 "$(cat "$home/run/$1")" 2>/dev/null; }

# Waits until a log says something, for so many seconds at most.
wait_for() {
    local name=$1 text=$2
    for _ in $(seq $((wait_s * 5))); do
        grep -q "$text" "$home/log/$name" 2>/dev/null && return
        alive "$name" || die "$name ended: $(tail -n 3 "$home/log/$name")"
        sleep 0.2
    done
    die "$name did not start within $wait_s s: $(tail -n 3 "$home/log/$name")"
}

listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

wait_port() {
    for _ in $(seq $((wait_s * 5))); do
        listens "$2" && return
        alive "$1" || die "$1 ended: $(tail -n 3 "$home/log/$1")"
        sleep 0.2
    done
    die "$1 did not listen within $wait_s s: $(tail -n 3 "$home/log/$1")"
}

start_worker() {
    local n=$1
    mkdir -p "$home/worker$n" "$home/local$n"
    SPARK_LOCAL_DIRS="$home/local$n" SPARK_DAEMON_MEMORY=256m launch "worker$n" "$spark/bin/spark-class" \
        org.apache.spark.deploy.worker.Worker --host 127.0.0.1 --webui-port 0 --cores 1 --memory "$memory" \
        --work-dir "$home/worker$n" "spark://127.0.0.1:$master_port"
}

start_connect() {
    local master=$1
    local conf=(
        --conf spark.connect.grpc.binding.address=127.0.0.1 --conf "spark.connect.grpc.binding.port=$port"
        --conf spark.driver.host=127.0.0.1 --conf spark.driver.bindAddress=127.0.0.1
        --conf spark.ui.enabled=false --conf spark.sql.shuffle.partitions=8 --conf spark.network.timeout=120s
        --conf "spark.executor.memory=$memory" --conf spark.executor.cores=1
        --conf "spark.sql.warehouse.dir=$home/warehouse" --driver-memory "$memory"
    )
    # Further settings: words like spark.x=1.
    for it in ${PURVEY_SPARK_CONF:-}; do conf+=(--conf "$it"); done
    mkdir -p "$home/driver"
    SPARK_LOCAL_DIRS="$home/driver" launch connect "$spark/bin/spark-submit" --master "$master" \
        --class org.apache.spark.sql.connect.service.SparkConnectServer "${conf[@]}" spark-internal
    wait_port connect "$port"
}

environment() {
    export SPARK_LOCAL_IP=127.0.0.1 SPARK_PUBLIC_DNS=127.0.0.1 SPARK_NO_DAEMONIZE=1
    export PYSPARK_PYTHON="$python/bin/python"
    spark=$(spark_home)
    export SPARK_HOME=$spark
    mkdir -p "$home/log" "$home/run"
}

# Each socket of each process must be on loopback.
check_sockets() {
    local open
    open=$(sockets | grep -v '127.0.0.1' || true)
    [ -z "$open" ] || { stop; die "something listens beyond 127.0.0.1: $open"; }
}

sockets() {
    "$python/bin/python" - "$(groups_of | tr '\n' ' ')" <<'EOF'
import os, sys
groups = set(sys.argv[1].split())
inodes = {}
for pid in filter(str.isdigit, os.listdir("/proc")):
    try:
        if str(os.getpgid(int(pid))) not in groups:
            continue
        for fd in os.listdir(f"/proc/{pid}/fd"):
            link = os.readlink(f"/proc/{pid}/fd/{fd}")
            if link.startswith("socket:["):
                inodes[link[8:-1]] = pid
    except OSError:
        continue
def address(text):
    host, port = text.split(":")
    raw = bytes.fromhex(host)
    words = [raw[i:i + 4][::-1] for i in range(0, len(raw), 4)]
    joined = b"".join(words)
    if len(joined) == 16 and (joined[:12] == bytes(10) + b"\xff\xff"):
        joined = joined[12:]
    shown = ".".join(map(str, joined)) if len(joined) == 4 else joined.hex()
    return f"{shown}:{int(port, 16)}"
for table in ["/proc/net/tcp", "/proc/net/tcp6"]:
    if not os.path.exists(table):
        continue
    for line in open(table).readlines()[1:]:
        fields = line.split()
        if fields[3] == "0A" and fields[9] in inodes:
            print(inodes[fields[9]], address(fields[1]))
EOF
}

groups_of() { for it in "$home"/run/*; do [ -e "$it" ] && cat "$it"; done; }

start() {
    install
    environment
    [ ! -e "$home/run/connect" ] || ! alive connect || die "it runs already: local.sh stop"
    # A folder that something is mounted at stays.
    rm -rf "$home"/run/* "$home"/worker? "$home/driver" "$home"/local?/*
    listens "$port" && die "port $port is taken: set PURVEY_SPARK_PORT"
    case ${1:-cluster} in
    single) start_connect "local[2]" ;;
    cluster)
        SPARK_DAEMON_MEMORY=256m launch master "$spark/bin/spark-class" -Dspark.master.rest.enabled=false \
            org.apache.spark.deploy.master.Master --host 127.0.0.1 --port "$master_port" --webui-port 0 || true
        wait_port master "$master_port"
        start_worker 1
        start_worker 2
        wait_for worker1 "Successfully registered"
        wait_for worker2 "Successfully registered"
        start_connect "spark://127.0.0.1:$master_port"
        ;;
    *) die "start cluster, or start single" ;;
    esac
    check_sockets
    echo "sc://127.0.0.1:$port"
}

stop() {
    local group
    for group in $(groups_of); do kill -TERM -- "-$group" 2>/dev/null || true; done
    for _ in $(seq 50); do
        local left=0
        for group in $(groups_of); do kill -0 -- "-$group" 2>/dev/null && left=1; done
        [ $left = 0 ] && break
        sleep 0.2
    done
    for group in $(groups_of); do kill -KILL -- "-$group" 2>/dev/null || true; done
    rm -rf "$home"/run/*
}

case ${1:-} in
start) start "${2:-cluster}" ;;
stop) stop ;;
worker) environment; start_worker "$2"; wait_for "worker$2" "Successfully registered" ;;
status)
    for it in "$home"/run/*; do [ -e "$it" ] && echo "$(basename "$it") $(cat "$it") $(alive "$(basename "$it")" && echo runs || echo ended)"; done
    sockets
    ;;
*) sed -n '2,12s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac
