"""bad_servers.py OUT --cluster C: a server that is not there, not Spark, too old, or wants another token gives an error that names the thing.

OUT is the folder of check.py with its tables; C is built with --features spark. Starts one JVM by local.sh with a token, and TLS before it;
all of it on 127.0.0.1. Where there is no openssl, TLS is left out and that is said. Exit code 1 if something bad passes.
"""
import argparse
import http.server
import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
LOCAL = os.path.join(HERE, "local.sh")
HOME = os.environ.get("PURVEY_SPARK_HOME", os.path.join(HERE, "target", "spark"))
TOKEN = "token-of-tests"
# Speaks as Spark Connect of an old version, by the definitions that pyspark brings.
OLD = """
import sys, time
from concurrent import futures
import grpc
from pyspark.sql.connect.proto import base_pb2, base_pb2_grpc
class Old(base_pb2_grpc.SparkConnectServiceServicer):
    def AnalyzePlan(self, request, context):
        answer = base_pb2.AnalyzePlanResponse(session_id=request.session_id)
        answer.spark_version.version = "3.5.1"
        return answer
server = grpc.server(futures.ThreadPoolExecutor(4))
base_pb2_grpc.add_SparkConnectServiceServicer_to_server(Old(), server)
print(server.add_insecure_port("127.0.0.1:0"), flush=True)
server.start()
time.sleep(600)
"""
failed = 0


def local(*words):
    environment = {**os.environ, "PURVEY_SPARK_CONF": f"spark.connect.authenticate.token={TOKEN}"}
    done = subprocess.run([LOCAL, *words], capture_output=True, text=True, timeout=1200, env=environment)
    if done.returncode:
        sys.exit(f"local.sh {' '.join(words)}: {done.stderr.strip()}")
    return done.stdout.strip()


def ask(remote, token=None, **changed):
    environment = {it: value for it, value in os.environ.items() if it not in ("PURVEY_SPARK_TOKEN", "SSL_CERT_FILE", "SSL_CERT_DIR")}
    if token:
        environment["PURVEY_SPARK_TOKEN"] = token
    environment.update(changed)
    argv = [options.cluster, "--tables", f"{options.out}/tables", "--remote", remote, "--checked", "who", "--to", "Country 30", "--format", "json"]
    return subprocess.run(argv, capture_output=True, text=True, timeout=300, env=environment)


def bad(name, words, *asked, **changed):
    global failed
    done = ask(*asked, **changed)
    told = done.stderr
    is_right = done.returncode == 2 and not done.stdout and all(it in told for it in words) and "panicked" not in told and TOKEN not in told
    failed += not is_right
    print(f"{'refused' if is_right else 'WRONG  '} {name}: {told.strip()[:300]}", flush=True)


def good(name, *asked, **changed):
    global failed
    done = ask(*asked, **changed)
    is_right = done.returncode == 0 and done.stdout == expected
    failed += not is_right
    print(f"{'right  ' if is_right else 'WRONG  '} {name}{'' if is_right else ': ' + done.stderr.strip()[:300]}", flush=True)


def forward(one, other):
    try:
        while data := one.recv(65536):
            other.sendall(data)
    except OSError:
        pass
    for it in (one, other):
        try:
            it.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


def tls(listener, certificate, key, port):
    """Takes connections with TLS and hands what comes to a port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    context.set_alpn_protocols(["h2"])
    while True:
        try:
            plain, _ = listener.accept()
        except OSError:
            return
        try:
            client = context.wrap_socket(plain, server_side=True)
            server = socket.create_connection(("127.0.0.1", port))
        except OSError:
            plain.close()
            continue
        for pair in ((client, server), (server, client)):
            threading.Thread(target=forward, args=pair, daemon=True).start()


def certificates(place):
    """An authority of its own and a certificate of it for localhost."""
    def openssl(*words):
        subprocess.run(["openssl", *words], check=True, cwd=place, capture_output=True)
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=authority of tests")
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "asked.pem", "-subj", "/CN=localhost")
    with open(f"{place}/names", "w") as file:
        file.write("subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n")
    openssl("x509", "-req", "-in", "asked.pem", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out", "cert.pem", "-days", "2", "-extfile", "names")


def listening():
    it = socket.socket()
    it.bind(("127.0.0.1", 0))
    it.listen(16)
    return it, it.getsockname()[1]


parser = argparse.ArgumentParser()
parser.add_argument("out")
parser.add_argument("--cluster", required=True)
options = parser.parse_args()
expected = subprocess.run([options.cluster, "--tables", f"{options.out}/tables", "who", "--to", "Country 30", "--format", "json"],
                          capture_output=True, text=True).stdout
if not json.loads(expected).get("rows"):
    sys.exit("the question has no rows: these are not the tables of check.py")

closed, port = listening()
closed.close()
bad("nobody listens", [f"127.0.0.1:{port}", "no Spark Connect server"], f"sc://127.0.0.1:{port}")
bad("no such host", ["no-such-host.invalid:15002", "no Spark Connect server"], "sc://no-such-host.invalid")
bad("another kind of address", ["http://127.0.0.1:1", "sc://HOST:15002"], "http://127.0.0.1:1")
silent, port = listening()
bad("somebody who says nothing", [f"127.0.0.1:{port}", "another service"], f"sc://127.0.0.1:{port}")
silent.close()
web = http.server.ThreadingHTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler)
web.RequestHandlerClass.log_message = lambda *_: None
threading.Thread(target=web.serve_forever, daemon=True).start()
bad("a web server", [f"127.0.0.1:{web.server_port}"], f"sc://127.0.0.1:{web.server_port}")
web.shutdown()

remote = local("start", "single")
port = int(remote.rsplit(":", 1)[1])
try:
    old = subprocess.Popen([f"{HOME}/python/bin/python", "-W", "ignore", "-c", OLD], stdout=subprocess.PIPE, text=True)
    bad("Spark 3.5", ["3.5.1", "4.0 or later"], f"sc://127.0.0.1:{int(old.stdout.readline())}")
    old.kill()
    good("the right token", remote, TOKEN)
    bad("another token", ["token", remote[5:]], remote, "another")
    bad("no token", ["token", remote[5:]], remote)
    bad("a token with letters that none has", ["token", "letters"], remote, "a;b/c")
    if shutil.which("openssl"):
        with tempfile.TemporaryDirectory() as place:
            certificates(place)
            listener, secure = listening()
            threading.Thread(target=tls, args=(listener, f"{place}/cert.pem", f"{place}/key.pem", port), daemon=True).start()
            over = f"sc://localhost:{secure}/;use_ssl=true"
            good("TLS with a certificate that this machine trusts", over, TOKEN, SSL_CERT_FILE=f"{place}/ca.pem")
            bad("TLS with a certificate of somebody unknown", [f"localhost:{secure}", "certificate"], over, TOKEN)
            bad("a server that wants TLS, asked without", [f"localhost:{secure}", "use_ssl=true"], f"sc://localhost:{secure}", TOKEN)
            listener.close()
    else:
        print("left out: TLS, since there is no openssl here")
finally:
    local("stop")
sys.exit(1 if failed else 0)
