"""The server behind its own certificate: TLS 1.3 only, HTTP/2 for browsers, a cookie that never
travels in the open, and a new certificate without a restart."""
import signal
import socket
import ssl
import subprocess
import unittest
import warnings
from pathlib import Path

from house import House


def make_certificate(folder, name):
    chain, key = Path(folder, f"{name}.pem"), Path(folder, f"{name}.key")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-days", "2", "-subj", f"/CN={name}", "-keyout", key, "-out", chain], check=True, capture_output=True)
    return chain, key


class TlsTest(unittest.TestCase):
    def setUp(self):
        self.house = House()
        self.addCleanup(self.house.close)
        self.chain, self.key = make_certificate(self.house.folder, "localhost")
        self.house.settings = {"tls_certificate": self.chain, "tls_key": self.key}
        self.house.start()

    def connect(self, least=None, most=None, protocols=("http/1.1",)):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.set_alpn_protocols(list(protocols))
        with warnings.catch_warnings():  # old versions are tried on purpose
            warnings.simplefilter("ignore")
            if least:
                context.minimum_version, context.maximum_version = least, most
        return context.wrap_socket(socket.create_connection(("127.0.0.1", self.house.port), timeout=30))

    def certificate(self):
        with self.connect() as wire:
            return ssl.DER_cert_to_PEM_cert(wire.getpeercert(binary_form=True))

    def curl(self, *words):
        return subprocess.run(["curl", "-sk", "--max-time", "30", *words], check=True, capture_output=True,
                              text=True).stdout

    def url(self, path):
        return f"https://localhost:{self.house.port}{path}"

    def test_old_versions_of_tls_are_refused(self):
        with self.assertRaises(ssl.SSLError):
            self.connect(ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_2)
        with self.connect() as wire:
            self.assertEqual(wire.version(), "TLSv1.3")

    def test_browsers_get_http_2_and_strict_transport(self):
        answer = self.curl("--http2", "-i", self.url("/api/v1/session"))
        self.assertTrue(answer.startswith("HTTP/2 200"), answer[:80])
        self.assertIn("strict-transport-security:", answer)
        page = self.curl("--http2", "--compressed", self.url("/"))
        self.assertIn("<html", page)

    def test_the_cookie_is_for_encrypted_connections_only(self):
        account = self.house.account("viewer")
        body = '{"login":"%s","password":"%s"}' % (account["login"], account["password"])
        answer = self.curl("-i", "-H", f"Origin: https://localhost:{self.house.port}", "-d", body,
                           self.url("/api/v1/session"))
        cookie = next(line for line in answer.splitlines() if line.lower().startswith("set-cookie:"))
        for word in ("Secure", "HttpOnly", "SameSite=Strict"):
            self.assertIn(word, cookie)

    def test_plain_bytes_on_the_port_are_cut(self):
        self.assertFalse(self.house.raw(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n").startswith(b"HTTP"))

    def test_a_new_certificate_is_used_and_a_broken_one_is_not(self):
        first = self.certificate()
        self.assertEqual(first, self.chain.read_text())
        fresh, fresh_key = make_certificate(self.house.folder, "fresh")
        self.chain.write_bytes(fresh.read_bytes())
        self.key.write_bytes(fresh_key.read_bytes())
        self.reload("certificate_reloaded")
        self.assertEqual(self.certificate(), fresh.read_text())
        self.key.write_text("broken")
        self.reload("certificate_refused")
        self.assertEqual(self.certificate(), fresh.read_text())

    def reload(self, event):
        before = self.house.log_text().count(event)
        self.house.process.send_signal(signal.SIGHUP)
        for _ in range(10000):  # each look is a request, so the loop has had its turn
            self.curl(self.url("/healthz"))
            if self.house.log_text().count(event) > before:
                return
        self.fail(f"{event} never happened")


if __name__ == "__main__":
    unittest.main()
